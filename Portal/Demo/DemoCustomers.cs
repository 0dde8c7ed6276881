using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Currencies;
using Portal.Core.Organisations;
using Portal.Core.Pricing;
using Portal.Core.Projects;

namespace Portal.Demo;

/// <summary>The customers of the demo with their projects and keys, and the prices.</summary>
internal sealed class DemoCustomers(DemoActions actions)
{
    private static readonly CallContext s_call = CallContext.System("demo", "Makes the demo");

    // What one rupee is worth elsewhere: invented, so that prices and sums look alike.
    private static readonly Dictionary<string, decimal> s_worth = new(StringComparer.Ordinal)
    {
        ["USD"] = 0.012m, ["EUR"] = 0.011m, ["GBP"] = 0.0095m, ["CAD"] = 0.016m, ["AUD"] = 0.018m, ["NZD"] = 0.02m, ["SGD"] = 0.016m, ["CHF"] = 0.0105m, ["AED"] = 0.044m,
        ["KWD"] = 0.0037m, ["JPY"] = 1.8m, ["NOK"] = 0.13m, ["SEK"] = 0.125m, ["NPR"] = 1.6m, ["ZAR"] = 0.22m, ["BRL"] = 0.066m,
    };

    private static readonly (string Metric, string Unit, decimal Rupees)[] s_prices = [("api_calls", "count", 0.05m), ("storage", "gb_day", 0.85m), ("messages", "count", 0.18m)];

    /// <summary>The first one is the one that the demo's key posts for. Each comes when its use begins.</summary>
    public async Task<IReadOnlyList<DemoCustomer>> MakeAsync(IReadOnlyList<(DemoCompany Company, DateTimeOffset Since)> companies, CancellationToken cancellationToken)
    {
        var customers = new List<DemoCustomer>(companies.Count);
        foreach (var (company, since) in companies)
        {
            actions.Clock.Now = since;
            customers.Add(await CustomerAsync(company, since, cancellationToken));
        }

        await PriceAsync("api_calls", "count", "INR", null, [new(100_000, 0.05m), new(500_000, 0.04m), new(null, 0.03m)], null, cancellationToken);
        await PriceAsync("storage", "gb_day", "INR", 0.85m, null, null, cancellationToken);
        await PriceAsync("messages", "count", "INR", 0.18m, null, null, cancellationToken);
        // Figures of all currencies together, and exports as they are filed, need rates.
        foreach (var currency in companies.Select(pair => pair.Company.Currency).Where(currency => currency != "INR").Distinct())
        {
            var rate = new ExchangeRateInput { BaseCurrency = currency, TargetCurrency = "INR", Rate = decimal.Round(1 / s_worth[currency], 4, MidpointRounding.AwayFromZero), EffectiveFrom = new DateOnly(2024, 1, 1), Source = "Invented" };
            (await actions.Get<CreateExchangeRate>().RunAsync(s_call, rate, cancellationToken)).Expect();
        }

        foreach (var customer in customers.Where(customer => customer.Company.Currency != "INR"))
        {
            foreach (var (metric, unit, rupees) in s_prices)
                await PriceAsync(metric, unit, customer.Company.Currency, decimal.Round(rupees * s_worth[customer.Company.Currency], 6, MidpointRounding.AwayFromZero), null, customer.OrganisationId, cancellationToken);
        }

        return customers;
    }

    private async Task<DemoCustomer> CustomerAsync(DemoCompany company, DateTimeOffset since, CancellationToken cancellationToken)
    {
        _ = Currency.Of(company.Currency);
        var organisation = (await actions.Get<CreateOrganisation>().RunAsync(s_call, company.Profile, cancellationToken)).Expect();
        var save = actions.Get<SaveProject>();
        var project = (await save.CreateAsync(s_call, organisation.Id, new ProjectFacts("Production", "The live service"), cancellationToken)).Expect();
        (await save.CreateAsync(s_call, organisation.Id, new ProjectFacts("Staging", null), cancellationToken)).Expect();
        var key = (await actions.Get<IssueApiKey>().RunAsync(s_call, project.Id, new ApiKeyRequest("Collector", [ApiKeyScopes.UsageWrite, ApiKeyScopes.UsageRead]), cancellationToken)).Expect();
        (await actions.Get<IssueApiKey>().RunAsync(s_call, project.Id, new ApiKeyRequest("Nightly batch", [ApiKeyScopes.UsageWrite]), cancellationToken)).Expect();
        return new DemoCustomer(company, organisation.Id, project.Id, key.Key.Id, key.Secret, since);
    }

    private async Task PriceAsync(string metric, string unit, string currency, decimal? price, IReadOnlyList<TierInput>? tiers, Guid? organisationId, CancellationToken cancellationToken)
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
        (await actions.Get<CreatePrice>().RunAsync(s_call, input, cancellationToken)).Expect();
    }
}
