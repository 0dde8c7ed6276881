using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Organisations;
using Portal.Core.Pricing;
using Portal.Core.Projects;

namespace Portal.Demo;

/// <summary>The customers of the demo with their projects and keys, and the prices.</summary>
internal sealed class DemoCustomers(CreateOrganisation createOrganisation, SaveProject saveProject, IssueApiKey issueKey, CreatePrice createPrice)
{
    private static readonly CallContext s_call = CallContext.System("demo", "Makes the demo");

    /// <summary>The first one is the one that the demo's key posts for.</summary>
    public async Task<IReadOnlyList<DemoCustomer>> MakeAsync(CancellationToken cancellationToken)
    {
        var customers = new List<DemoCustomer>
        {
            await CustomerAsync(new OrganisationProfile { Name = "Acme Analytics", BillingEmail = "billing@acme.example.com", Currency = "INR", TimeZone = "Asia/Kolkata", Country = "IN", StateCode = "29", Address = "7 Sample Street\nBengaluru 560034", TaxRate = 18, TaxName = "GST" }, cancellationToken),
            await CustomerAsync(new OrganisationProfile { Name = "Globex Retail", BillingEmail = "accounts@globex.example.com", Currency = "INR", TimeZone = "Asia/Kolkata", Country = "IN", StateCode = "27", Address = "21 Sample Lane\nMumbai 400001", TaxRate = 18, TaxName = "GST" }, cancellationToken),
            await CustomerAsync(new OrganisationProfile { Name = "Initech Cloud", BillingEmail = "ap@initech.example.com", Currency = "USD", TimeZone = "America/New_York", Country = "US", StateCode = "NY", Locale = "en-US", Address = "350 Sample Avenue\nNew York, NY 10001", PaymentTermsDays = 30 }, cancellationToken),
            await CustomerAsync(new OrganisationProfile { Name = "Umbrella Logistics", BillingEmail = "finance@umbrella.example.com", Currency = "INR", TimeZone = "Asia/Kolkata", Country = "IN", StateCode = "33", Address = "3 Sample Quay\nChennai 600001", TaxRate = 18, TaxName = "GST" }, cancellationToken),
        };
        await PriceAsync("api_calls", "count", "INR", null, [new(100_000, 0.05m), new(500_000, 0.04m), new(null, 0.03m)], cancellationToken);
        await PriceAsync("storage", "gb_day", "INR", 0.85m, null, cancellationToken);
        await PriceAsync("messages", "count", "INR", 0.18m, null, cancellationToken);
        foreach (var (metric, unit, price) in new[] { ("api_calls", "count", 0.0006m), ("storage", "gb_day", 0.011m), ("messages", "count", 0.0024m) })
            await PriceAsync(metric, unit, "USD", price, null, cancellationToken, customers[2].OrganisationId);
        return customers;
    }

    private async Task<DemoCustomer> CustomerAsync(OrganisationProfile profile, CancellationToken cancellationToken)
    {
        var organisation = (await createOrganisation.RunAsync(s_call, profile, cancellationToken)).Expect();
        var project = (await saveProject.CreateAsync(s_call, organisation.Id, new ProjectFacts("Production", "The live service"), cancellationToken)).Expect();
        (await saveProject.CreateAsync(s_call, organisation.Id, new ProjectFacts("Staging", null), cancellationToken)).Expect();
        var key = (await issueKey.RunAsync(s_call, project.Id, new ApiKeyRequest("Collector", [ApiKeyScopes.UsageWrite, ApiKeyScopes.UsageRead]), cancellationToken)).Expect();
        return new DemoCustomer(organisation.Id, project.Id, key.Secret);
    }

    private async Task PriceAsync(string metric, string unit, string currency, decimal? price, IReadOnlyList<TierInput>? tiers, CancellationToken cancellationToken, Guid? organisationId = null)
    {
        var input = new PriceInput
        {
            MetricName = metric,
            Unit = unit,
            Currency = currency,
            Model = tiers is null ? "standard" : "graduated",
            Price = price,
            Tiers = tiers,
            EffectiveFrom = new DateOnly(2020, 1, 1),
            OrganisationId = organisationId,
            HsnSac = "998315",
        };
        (await createPrice.RunAsync(s_call, input, cancellationToken)).Expect();
    }
}
