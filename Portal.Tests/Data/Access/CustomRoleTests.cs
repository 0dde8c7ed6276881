using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Access;

/// <summary>Roles that staff put together, who may give which, and keys that are kept to some permissions.</summary>
public sealed class CustomRoleTests : IAsyncLifetime
{
    private static readonly RoleDetails s_support = new(RoleKind.Platform, "support-lead", "Looks, and manages people", [Permissions.OrganisationsRead, Permissions.PeopleRead, Permissions.PeopleWrite]);

    private AccessWorld _world = null!;

    public async Task InitializeAsync() => _world = await AccessWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_custom_role_gives_its_permissions_and_a_change_of_it_counts_from_the_next_call()
    {
        var id = (await Roles.CreateAsync(_world.Staff, s_support, default)).Value;
        await AssignAsync(_world.Staff, _world.Nobody, id, null);
        (await PermissionsAsync(_world.Nobody)).ShouldBe(s_support.Permissions, ignoreOrder: true);

        (await Roles.ChangeAsync(_world.Staff, id, s_support with { Permissions = [Permissions.OrganisationsRead, Permissions.AuditRead] }, default)).Failures.ShouldBeEmpty();

        (await PermissionsAsync(_world.Nobody)).ShouldBe([Permissions.OrganisationsRead, Permissions.AuditRead], ignoreOrder: true);
        var entry = await _world.ReadAsync(db => db.AuditLog.SingleAsync(row => row.EntityId == id && row.Action == "role.changed"));
        (entry.Before!.Contains("people:write", StringComparison.Ordinal), entry.After!.Contains("audit:read", StringComparison.Ordinal)).ShouldBe((true, true));
    }

    [Fact]
    public async Task System_roles_stay_as_they_are()
    {
        (await Roles.ChangeAsync(_world.Staff, SystemRoles.Viewer, s_support, default)).Failure.Code.ShouldBe("system_role");
        (await Roles.DeleteAsync(_world.Staff, SystemRoles.Viewer, default)).Failure.Code.ShouldBe("system_role");
    }

    [Fact]
    public async Task A_role_goes_once_nobody_holds_it_or_is_invited_to_it()
    {
        var id = (await Roles.CreateAsync(_world.Staff, s_support, default)).Value;
        await AssignAsync(_world.Staff, _world.Nobody, id, null);
        (await Roles.DeleteAsync(_world.Staff, id, default)).Failure.Code.ShouldBe("in_use");
        await _world.Get<RemoveRole>().RunAsync(_world.Staff, _world.Nobody.Id, null, default);
        var invited = (await _world.Get<Invitations>().InviteAsync(_world.Staff, null, "x@example.com", id, default)).Value;
        (await Roles.DeleteAsync(_world.Staff, id, default)).Failure.Code.ShouldBe("in_use");
        await _world.Get<Invitations>().RevokeAsync(_world.Staff, invited.Id, default);

        (await Roles.DeleteAsync(_world.Staff, id, default)).Failures.ShouldBeEmpty();

        (await Roles.GetAsync(_world.Staff, id, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
    }

    [Fact]
    public async Task What_is_wrong_with_a_role_is_said_by_field()
    {
        (await Roles.CreateAsync(_world.Staff, new RoleDetails(RoleKind.Platform, "No Good", "", []), default)).Failures.Select(failure => failure.Field).ShouldBe(["name", "permissions"]);
        (await Roles.CreateAsync(_world.Staff, s_support with { Permissions = [Permissions.InvoicesPay] }, default)).Failure.Field.ShouldBe("permissions");
        (await Roles.CreateAsync(_world.Staff, s_support with { Name = "viewer" }, default)).Failure.Code.ShouldBe("name_taken");
        (await Roles.CreateAsync(_world.Staff, s_support with { Kind = RoleKind.Organisation, Permissions = [Permissions.SettingsWrite] }, default)).Failure.Field.ShouldBe("permissions");
    }

    [Fact]
    public async Task Nobody_gives_or_takes_or_makes_a_role_that_may_do_more_than_they()
    {
        var id = (await Roles.CreateAsync(_world.Staff, s_support, default)).Value;
        var lead = _world.Staff with { Permissions = s_support.Permissions.ToHashSet(StringComparer.Ordinal) };

        (await AssignAsync(lead, _world.Nobody, SystemRoles.Admin, null)).Failure.Code.ShouldBe("above_own");
        (await AssignAsync(lead, _world.Viewer, id, null)).Failure.Code.ShouldBe("above_own");
        (await _world.Get<RemoveRole>().RunAsync(lead, _world.Admin.Id, null, default)).Failure.Code.ShouldBe("above_own");
        (await _world.Get<Invitations>().InviteAsync(lead, null, "x@example.com", SystemRoles.Operator, default)).Failure.Code.ShouldBe("above_own");
        (await Roles.CreateAsync(lead, s_support with { Name = "all", Permissions = Roles.PermissionsOf(RoleKind.Platform) }, default)).Failure.Code.ShouldBe("above_own");
        (await _world.Get<SetPersonActive>().RunAsync(lead, _world.Admin.Id, false, default)).Failure.Code.ShouldBe("above_own");
        (await _world.Get<IssueAdminApiKey>().RunAsync(lead, _world.Admin.Id, "Mine", null, null, default)).Failure.Code.ShouldBe("above_own");
        (await AssignAsync(lead, _world.Nobody, id, null)).Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Owners_change_their_own_people_under_the_role_that_the_database_holds()
    {
        var owner = await _world.CallOfAsync(_world.Owner, _world.Acme.Id);

        (await AssignAsync(owner, _world.Billing, SystemRoles.Member, _world.Acme.Id)).Failures.ShouldBeEmpty();
        (await AssignAsync(owner, _world.Stranger, SystemRoles.Member, _world.Acme.Id)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await _world.Get<RemoveRole>().RunAsync(owner, _world.Billing.Id, _world.Acme.Id, default)).Failures.ShouldBeEmpty();
        (await _world.Get<RemoveRole>().RunAsync(owner, _world.Owner.Id, _world.Acme.Id, default)).Failure.Code.ShouldBe("last_owner");
        (await _world.Get<ListPeople>().MembersAsync(owner, _world.Acme.Id, new ListRequest(), default)).Value.Items.ShouldHaveSingleItem().Email.ShouldBe(_world.Owner.Email);
        (await _world.Get<ListPeople>().MembersAsync(owner, _world.Globex.Id, new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task The_database_keeps_the_last_owner_and_the_last_admin_too()
    {
        foreach (var user in new[] { _world.Owner, _world.Admin })
        {
            var refused = await Should.ThrowAsync<PostgresException>(() => _world.ExecuteAsync($"DELETE FROM user_roles WHERE user_id = {user.Id}"));
            refused.SqlState.ShouldBe(PostgresErrorCodes.RestrictViolation);
        }
    }

    [Fact]
    public async Task Who_is_deactivated_is_out_at_once_and_the_last_admin_and_oneself_are_not()
    {
        var call = await _world.CallOfAsync(_world.Billing);
        var set = _world.Get<SetPersonActive>();

        (await set.RunAsync(_world.Staff, _world.Billing.Id, false, default)).Failures.ShouldBeEmpty();

        (await _world.Get<Sessions>().IsOpenAsync(call.SessionId!.Value, _world.Billing.Id, default)).ShouldBeFalse();
        (await set.RunAsync(_world.Staff, _world.Admin.Id, false, default)).Failure.Code.ShouldBe("last_admin");
        (await set.RunAsync(_world.Staff, _world.Owner.Id, false, default)).Failure.Code.ShouldBe("last_owner");
        (await set.RunAsync(_world.Staff with { Actor = new Actor(ActorKind.User, _world.Viewer.Id, "viewer") }, _world.Viewer.Id, false, default)).Failure.Code.ShouldBe("own_account");
        (await set.RunAsync(_world.Staff, _world.Billing.Id, true, default)).Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_is_kept_to_its_scopes_and_to_what_its_person_may()
    {
        var issue = _world.Get<IssueAdminApiKey>();
        var some = (await issue.RunAsync(_world.Staff, _world.Viewer.Id, "Some", [Permissions.OrganisationsRead, Permissions.OrganisationsWrite], null, default)).Value;
        var all = (await issue.RunAsync(_world.Staff, _world.Viewer.Id, "All", null, null, default)).Value;

        (await _world.Get<AuthenticateAdminKey>().RunAsync(some.Secret, default))!.Person.PlatformPermissions.ShouldBe([Permissions.OrganisationsRead]);
        (await _world.Get<AuthenticateAdminKey>().RunAsync(all.Secret, default))!.Person.PlatformPermissions.ShouldContain(Permissions.AuditRead);
        (await issue.RunAsync(_world.Staff, _world.Viewer.Id, "None", [], null, default)).Failure.Field.ShouldBe("scopes");

        var keys = _world.Get<AdminApiKeys>();
        (await keys.ListAsync(_world.Staff, new ListRequest(), default)).Value.Items.Select(row => (row.Name, row.Person)).ShouldBe([("All", "viewer@example.com"), ("Some", "viewer@example.com")], ignoreOrder: true);
        (await keys.RevokeAsync(_world.Staff, some.Key.Id, default)).Failures.ShouldBeEmpty();
        (await _world.Get<AuthenticateAdminKey>().RunAsync(some.Secret, default)).ShouldBeNull();
    }

    private Roles Roles => _world.Get<Roles>();

    private Task<Result<Unit>> AssignAsync(CallContext call, User user, Guid role, Guid? organisation) => _world.Get<AssignRole>().RunAsync(call, user.Id, role, organisation, default);

    private async Task<IReadOnlySet<string>> PermissionsAsync(User user) => (await _world.Get<GetAccess>().RunAsync(user.Id, default))!.PlatformPermissions;
}
