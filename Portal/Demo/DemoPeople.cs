using System.Security.Cryptography;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Settings;

namespace Portal.Demo;

/// <summary>The seller and the people of the demo, with passwords of their own on every machine.</summary>
internal sealed class DemoPeople(IBillingStore store, CreateUser createUser, AssignRole assignRole, Roles roles, SecondFactor secondFactor, Invitations invitations, IssueAdminApiKey issueKey, TimeProvider clock)
{
    /// <summary>Who sells.</summary>
    public const string Seller = "Example Metering Private Limited";

    /// <summary>Where the seller reads mail.</summary>
    public const string SellerMail = "accounts@example.com";

    private const string Letters = "23456789abcdefghijkmnopqrstuvwxyz";
    private static readonly CallContext s_call = CallContext.System("demo", "Makes the demo");
    /// <summary>The person of staff who answers tickets.</summary>
    public Guid AdminId { get; private set; }

    /// <summary>Acme's owner.</summary>
    public Guid OwnerId { get; private set; }

    public async Task<IReadOnlyList<DemoUser>> MakeAsync(IReadOnlyList<DemoCustomer> customers, CancellationToken cancellationToken)
    {
        var acme = customers[0].OrganisationId;
        var (admin, adminId) = await UserAsync("admin@example.com", "Demo admin", "admin", cancellationToken);
        await RoleAsync(adminId, SystemRoles.Admin, null, cancellationToken);
        AdminId = adminId;
        var (viewer, viewerId) = await UserAsync("viewer@example.com", "Demo viewer", "viewer", cancellationToken);
        await RoleAsync(viewerId, SystemRoles.Viewer, null, cancellationToken);
        var (owner, ownerId) = await UserAsync("owner@acme.example.com", "Acme owner", "owner", cancellationToken);
        OwnerId = ownerId;
        await RoleAsync(ownerId, SystemRoles.Owner, acme, cancellationToken);
        // In a second organisation, too: there is something to switch to.
        await RoleAsync(ownerId, SystemRoles.Billing, customers[1].OrganisationId, cancellationToken);
        var (billing, billingId) = await UserAsync("billing@acme.example.com", "Acme billing", "billing", cancellationToken);
        await RoleAsync(billingId, SystemRoles.Billing, acme, cancellationToken);
        await OthersAsync(acme, cancellationToken);
        return [admin, viewer, owner, billing];
    }

    // Those whom the pages of people are about, and nobody signs in as: a role of one's own with a second factor, and invitations that are open.
    private async Task OthersAsync(Guid acme, CancellationToken cancellationToken)
    {
        string[] held = [.. Permissions.All.Where(Permissions.IsReading).Intersect(Roles.PermissionsOf(RoleKind.Platform), StringComparer.Ordinal), Permissions.InvoicesIssue, Permissions.PaymentsRecord];
        var finance = (await roles.CreateAsync(s_call, new RoleDetails(RoleKind.Platform, "finance", "Issues invoices and records payments.", held), cancellationToken)).Expect();
        var (_, clerk) = await UserAsync("finance@example.com", "Demo finance", "finance", cancellationToken);
        await RoleAsync(clerk, finance, null, cancellationToken);
        var now = clock.GetUtcNow();
        var setup = SecondFactor.Prepare("finance@example.com");
        var self = new CallContext(new Actor(ActorKind.User, clerk, "finance@example.com"), new AccessScope.Staff(), held.ToHashSet(StringComparer.Ordinal), Guid.CreateVersion7(now).ToString("n")) { ConfirmedAt = now };
        (await secondFactor.TurnOnAsync(self, setup.Key, Totp.CodeAt(setup.Key, now), cancellationToken)).Expect();
        var (_, member) = await UserAsync("developer@acme.example.com", "Acme developer", "member", cancellationToken);
        await RoleAsync(member, SystemRoles.Member, acme, cancellationToken);
        (await invitations.InviteAsync(s_call, acme, "analyst@acme.example.com", SystemRoles.Member, cancellationToken)).Expect();
        (await invitations.InviteAsync(s_call, null, "auditor@example.com", SystemRoles.Viewer, cancellationToken)).Expect();
    }

    public async Task<string> AdminKeyAsync(CancellationToken cancellationToken) =>
        (await issueKey.RunAsync(s_call, AdminId, "Demo", null, null, cancellationToken)).Expect().Secret;

    public async Task SellerAsync(CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_call.Scope, cancellationToken);
        var settings = new PlatformSettings
        {
            Seller = new SellerProfile
            {
                LegalName = Seller,
                Address = "4th Floor, 12 Example Road\nBengaluru 560001",
                Country = "IN",
                StateCode = "29",
                TaxId = "29AAACE1234F1Z" + Core.Tax.Gstin.CheckCharacter("29AAACE1234F1Z"),
                LutNumber = "AD290400000000Z",
                LutValidFrom = new DateOnly(clock.GetUtcNow().Year - 3, 4, 1),
                LutValidTo = new DateOnly(clock.GetUtcNow().Year + 1, 3, 31),
                Email = SellerMail,
            },
            PaymentInstructions = "By bank transfer: Example Bank, account 000000000000, IFSC EXAM0000001.",
        };
        await db.SavePlatformSettingsAsync(settings, clock.GetUtcNow(), cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    private async Task<(DemoUser User, Guid Id)> UserAsync(string email, string name, string role, CancellationToken cancellationToken)
    {
        var password = $"{RandomNumberGenerator.GetString(Letters, 5)}-{RandomNumberGenerator.GetString(Letters, 5)}-{RandomNumberGenerator.GetString(Letters, 5)}";
        var user = (await createUser.RunAsync(s_call, new UserRequest(email, name, password), cancellationToken)).Expect();
        return (new DemoUser(email, password, role), user.Id);
    }

    private async Task RoleAsync(Guid userId, Guid roleId, Guid? organisationId, CancellationToken cancellationToken) =>
        (await assignRole.RunAsync(s_call, userId, roleId, organisationId, cancellationToken)).Expect();
}
