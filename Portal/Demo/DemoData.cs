using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Components.Layout;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Payments;
using Portal.Hosting;
using Portal.Outbox;

namespace Portal.Demo;

/// <summary>In Development: makes the demo once, and says at every start where everything is.</summary>
internal sealed class DemoData(
    IBillingStore store,
    DemoPeople people,
    DemoCustomers customers,
    DemoBooks books,
    IPaymentGateway gateway,
    IConfiguration configuration,
    IOptions<ShellOptions> shell,
    IOptions<PortalLinkOptions> links)
{
    /// <summary>Makes the demo on an empty database; on one that holds a demo, only prints.</summary>
    public async Task EnsureAsync(string url, CancellationToken cancellationToken)
    {
        url = url.TrimEnd('/').Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("[::]", "localhost", StringComparison.Ordinal);
        if (string.IsNullOrEmpty(configuration[$"{PortalLinkOptions.Section}:{nameof(PortalLinkOptions.PublicUrl)}"]))
            links.Value.PublicUrl = new Uri(url);
        shell.Value.SandboxPayments = gateway.IsTest;
        var path = Path.Combine(configuration[DataFolder.Key]!, "demo.json");
        var facts = await DemoFacts.ReadAsync(path, cancellationToken);
        if (facts is null && await IsInUseAsync(cancellationToken))
        {
            Console.WriteLine($"Billing Portal   {url}   (the database is in use: no demo is made)");
            return;
        }

        facts = facts is null ? await MakeAsync(url, cancellationToken) : facts with { Url = url };
        await facts.WriteAsync(path, cancellationToken);
        shell.Value.DemoData = true;
        facts.Print(Console.Out);
    }

    private async Task<bool> IsInUseAsync(CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(new AccessScope.System("Looks whether the database is empty"), cancellationToken);
        return await db.Organisations.AnyAsync(cancellationToken);
    }

    private async Task<DemoFacts> MakeAsync(string url, CancellationToken cancellationToken)
    {
        var made = await customers.MakeAsync(cancellationToken);
        var users = await people.MakeAsync(made, cancellationToken);
        await books.MakeAsync(made, cancellationToken);
        var adminKey = await people.AdminKeyAsync(cancellationToken);
        return new DemoFacts(url, adminKey, made[0].Secret, made[0].ProjectId, made[0].OrganisationId, users);
    }
}

/// <summary>A customer of the demo.</summary>
internal sealed record DemoCustomer(Guid OrganisationId, Guid ProjectId, string Secret);

internal static class DemoResults
{
    /// <summary>The demo keeps the rules: a refusal is a bug.</summary>
    public static T Expect<T>(this Result<T> result) => result.Value;
}
