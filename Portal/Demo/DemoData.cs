using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Components.Layout;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Payments;
using Portal.Hosting;
using Portal.Outbox;

namespace Portal.Demo;

/// <summary>In Development: makes the demo once, before anything else is at work, and says at every start where everything is.</summary>
internal sealed class DemoData(
    IBillingStore store,
    DemoPeople people,
    DemoCustomers customers,
    DemoUsage usage,
    DemoPlans plans,
    DemoCredits credits,
    DemoBooks books,
    DemoSimulations simulations,
    DemoTickets tickets,
    DemoMails mails,
    IPaymentGateway gateway,
    IConfiguration configuration,
    TimeProvider clock,
    IOptions<DemoOptions> options,
    IOptions<ShellOptions> shell,
    IOptions<PortalLinkOptions> links)
{
    // Younger mails are sent by the product itself, so that there is something to read.
    private static readonly TimeSpan s_past = TimeSpan.FromDays(3);

    private string FactsPath => Path.Combine(configuration[DataFolder.Key]!, "demo.json");

    /// <summary>Makes the demo on an empty database, where it is asked for; does nothing otherwise.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled || File.Exists(FactsPath) || await IsInUseAsync(cancellationToken))
            return;
        var started = clock.GetTimestamp();
        Console.WriteLine($"Making a demo of {options.Value.Organisations} organisations and {options.Value.Months} months.");
        var facts = await FactsAsync(HttpAddresses.Configured(configuration)[0], cancellationToken);
        await facts.WriteAsync(FactsPath, cancellationToken);
        Console.WriteLine($"Made in {clock.GetElapsedTime(started).TotalSeconds.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture)} s.");
    }

    /// <summary>Says where everything is, once the portal answers at <paramref name="url"/>.</summary>
    public async Task AnnounceAsync(string url, CancellationToken cancellationToken)
    {
        url = url.TrimEnd('/').Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("[::]", "localhost", StringComparison.Ordinal);
        if (string.IsNullOrEmpty(configuration[$"{PortalLinkOptions.Section}:{nameof(PortalLinkOptions.PublicUrl)}"]))
            links.Value.PublicUrl = new Uri(url);
        shell.Value.SandboxPayments = gateway.IsTest;
        if (await DemoFacts.ReadAsync(FactsPath, cancellationToken) is not { } facts)
        {
            Console.WriteLine($"Billing Portal   {url}   ({(options.Value.Enabled ? "the database is in use: no demo is made" : "without a demo")})");
            return;
        }

        facts = facts with { Url = url };
        await facts.WriteAsync(FactsPath, cancellationToken);
        shell.Value.DemoData = true;
        facts.Print(Console.Out);
    }

    private async Task<bool> IsInUseAsync(CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(new AccessScope.System("Looks whether the database is empty"), cancellationToken);
        return await db.Organisations.AnyAsync(cancellationToken);
    }

    private async Task<DemoFacts> FactsAsync(string url, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await people.SellerAsync(cancellationToken);
        var made = await customers.MakeAsync([.. DemoCompanies.All.Take(options.Value.Organisations).Select((company, index) => (company, SinceOf(index, now)))], cancellationToken);
        var users = await people.MakeAsync(made, cancellationToken);
        await usage.MakeAsync(made, now, cancellationToken);
        await plans.MakeAsync(made, now, cancellationToken);
        await credits.MakeAsync(made, now, cancellationToken);
        await books.MakeAsync(made, now, cancellationToken);
        await plans.FinishAsync(now, cancellationToken);
        await credits.CoverAsync(now, cancellationToken);
        await simulations.MakeAsync(now, cancellationToken);
        await tickets.MakeAsync(made, people, now, cancellationToken);
        await mails.MakeAsync(now - s_past, cancellationToken);
        var adminKey = await people.AdminKeyAsync(cancellationToken);
        return new DemoFacts(url, adminKey, made[0].Secret, made[0].ProjectId, made[0].OrganisationId, users);
    }

    // Most are there from the beginning, the others came in the course of the year; each at noon of a day.
    private DateTimeOffset SinceOf(int index, DateTimeOffset now)
    {
        var first = BillingMonth.FromIndex(new BillingMonth(now.Year, now.Month).Index - options.Value.Months + 1);
        var month = index < 4 || index % 3 != 2 ? first : BillingMonth.FromIndex(first.Index + (index % (options.Value.Months - 1)));
        return new DateTimeOffset(month.FirstDay.AddDays(index % 3), new TimeOnly(12, 0), TimeSpan.Zero);
    }
}

/// <summary>A customer of the demo.</summary>
internal sealed record DemoCustomer(DemoCompany Company, Guid OrganisationId, Guid ProjectId, Guid KeyId, string Secret, DateTimeOffset Since);

internal static class DemoResults
{
    /// <summary>The demo keeps the rules: a refusal is a bug.</summary>
    public static T Expect<T>(this Result<T> result) => result.Value;
}
