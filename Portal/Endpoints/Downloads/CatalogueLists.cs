using System.Globalization;
using Portal.Access;
using Portal.Components.Admin.ExchangeRates;
using Portal.Components.Admin.Plans;
using Portal.Components.Admin.Prices;
using Portal.Components.Admin.Tax;
using Portal.Components.Layout;
using Portal.Components.Listing;
using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Currencies;
using Portal.Core.Discounts;
using Portal.Core.Metering;
using Portal.Core.Plans;
using Portal.Core.PrepaidCredits;
using Portal.Core.Pricing;
using Portal.Core.Tax;

namespace Portal.Endpoints.Downloads;

/// <summary>What things cost, as the pages of pricing filter it, as CSV.</summary>
internal static class CatalogueLists
{
    public static IEndpointRouteBuilder MapCatalogueLists(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/admin/prices.csv", PricesAsync).Guarded(Permissions.PricesRead);
        endpoints.MapGet("/admin/metrics.csv", MetricsAsync).Guarded(Permissions.PricesRead);
        endpoints.MapGet("/admin/usage/unpriced.csv", UnpricedAsync).Guarded(Permissions.PricesRead);
        endpoints.MapGet("/admin/plans.csv", PlansAsync).Guarded(Permissions.PlansRead);
        endpoints.MapGet("/admin/credit-products.csv", CreditProductsAsync).Guarded(Permissions.CreditsRead);
        endpoints.MapGet("/admin/credit-costs.csv", CreditCostsAsync).Guarded(Permissions.CreditsRead);
        endpoints.MapGet("/admin/discounts.csv", DiscountsAsync).Guarded(Permissions.DiscountsRead);
        endpoints.MapGet("/admin/tax-rates.csv", TaxRatesAsync).Guarded(Permissions.PricesRead);
        endpoints.MapGet("/admin/exchange-rates.csv", ExchangeRatesAsync).Guarded(Permissions.PricesRead);
        return endpoints;
    }

    private static async Task<IResult> PricesAsync(HttpContext http, ICallContexts calls, PersonAccessReader reader, TimeProvider clock, ListPrices list, CancellationToken cancellationToken)
    {
        var (call, today) = (await calls.ForStaffAsync(cancellationToken), ViewerZone.Today(reader, clock));
        return await CsvList.SendAsync(
            "prices.csv",
            request => list.RunAsync(call, PricesPage.FilterOf(name => http.Request.Query[name], today), request, cancellationToken),
            row => row.Id,
            [
                new("Metric", row => row.MetricName), new("Unit", row => row.Unit), new("Organisation", row => row.OrganisationName), new("Plan", row => row.PlanName),
                new("Model", row => Choices.Key(row.Terms.Model)), new("Currency", row => row.Terms.Currency), new("Unit price", row => row.Terms.UnitPrice), new("Included", row => row.Terms.Included),
                new("Minimum", row => row.Terms.Minimum), new("Maximum", row => row.Terms.Maximum),
                new("Price", row => PriceWords.Summary(row.Terms, row.Unit, Viewer.Default.Locale)),
                new("HSN/SAC", row => row.HsnSac), new("Effective from", row => Day(row.EffectiveFrom)), new("Effective to (exclusive)", row => Day(row.EffectiveTo)), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> MetricsAsync(HttpContext http, ICallContexts calls, ListMetrics list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "metrics.csv",
            request => list.RunAsync(call, request, cancellationToken),
            [
                new("Metric", row => row.Name), new("Unit", row => row.Unit), new("Description", row => row.Description), new("Aggregation", row => Choices.Key(row.Rule.Aggregation)), new("Property", row => row.Rule.Property),
                new("Events this month", row => row.Events), new("Priced", row => YesNo(row.IsPriced)), new("Created at (UTC)", row => row.CreatedAt), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> UnpricedAsync(HttpContext http, ICallContexts calls, ListUnpricedNow list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "unpriced-usage.csv",
            request => list.RunAsync(call, request, cancellationToken),
            [
                new("Organisation", row => row.OrganisationName), new("Metric", row => row.MetricName), new("Unit", row => row.Unit), new("Month", row => row.Month.ToString()), new("Quantity", row => row.Quantity),
                new("Events", row => row.EventCount), new("Organisation id", row => row.OrganisationId.ToString()),
            ],
            http);
    }

    private static async Task<IResult> PlansAsync(HttpContext http, ICallContexts calls, ListPlans list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "plans.csv",
            request => list.RunAsync(call, PlansPage.FilterOf(name => http.Request.Query[name]), request, cancellationToken),
            row => row.Plan.Id,
            [
                new("Code", row => row.Plan.Code), new("Name", row => row.Plan.Name), new("Currency", row => row.Plan.Currency), new("Fee", row => row.Plan.PriceAmount), new("Interval", row => Choices.Key(row.Plan.Interval)),
                new("Interval count", row => row.Plan.IntervalCount), new("Trial days", row => row.Plan.TrialPeriodDays), new("Included credits", row => row.Plan.IncludedCredits), new("Users at most", row => row.Plan.MaxUsers),
                new("Minimum commitment", row => row.Plan.MinimumCommitment), new("Subscriptions", row => row.Subscriptions), new("Active", row => YesNo(row.Plan.IsActive)), new("Id", row => row.Plan.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> CreditProductsAsync(HttpContext http, ICallContexts calls, ListCreditProducts list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "credit-products.csv",
            request => list.RunAsync(call, request, cancellationToken),
            row => row.Id,
            [
                new("Name", row => row.Name), new("Description", row => row.Description), new("Credits", row => row.Credits), new("Currency", row => row.Currency), new("Price", row => row.Price),
                new("Valid for days", row => row.ValidityDays), new("HSN/SAC", row => row.HsnSac), new("Active", row => YesNo(row.IsActive)), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> CreditCostsAsync(HttpContext http, ICallContexts calls, ListCreditCosts list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "credit-costs.csv",
            request => list.RunAsync(call, request, cancellationToken),
            row => row.Id,
            [
                new("Metric", row => row.MetricName), new("Unit", row => row.Unit), new("Name", row => row.Name), new("Category", row => row.Category), new("Credits per unit", row => row.CreditsPerUnit),
                new("Effective from", row => Day(row.EffectiveFrom)), new("Effective to (exclusive)", row => Day(row.EffectiveTo)), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> DiscountsAsync(HttpContext http, ICallContexts calls, ListDiscounts list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "discounts.csv",
            request => list.RunAsync(call, request, cancellationToken),
            [
                new("Name", row => row.Name), new("Code", row => row.Code), new("Kind", row => Choices.Key(row.Kind)), new("Value", row => row.Value), new("Currency", row => row.Currency), new("Metric", row => row.MetricName),
                new("Unit", row => row.Unit), new("Billing months", row => row.Periods), new("Redeem by", row => Day(row.RedeemBy)), new("Redemptions", row => row.Redemptions), new("Redemptions at most", row => row.MaxRedemptions),
                new("Active", row => YesNo(row.IsActive)), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> TaxRatesAsync(HttpContext http, ICallContexts calls, PersonAccessReader reader, TimeProvider clock, ListTaxRates list, CancellationToken cancellationToken)
    {
        var (call, today) = (await calls.ForStaffAsync(cancellationToken), ViewerZone.Today(reader, clock));
        return await CsvList.SendAsync(
            "tax-rates.csv",
            request => list.RunAsync(call, TaxRatesPage.FilterOf(name => http.Request.Query[name], today), request, cancellationToken),
            [
                new("Country", row => row.Country), new("Region", row => row.Region), new("HSN/SAC", row => row.HsnSac), new("Label", row => row.Label), new("Rate (%)", row => row.Rate), new("Inclusive", row => YesNo(row.IsInclusive)),
                new("Effective from", row => Day(row.EffectiveFrom)), new("Effective to (exclusive)", row => Day(row.EffectiveTo)), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> ExchangeRatesAsync(HttpContext http, ICallContexts calls, PersonAccessReader reader, TimeProvider clock, ListExchangeRates list, CancellationToken cancellationToken)
    {
        var (call, today) = (await calls.ForStaffAsync(cancellationToken), ViewerZone.Today(reader, clock));
        return await CsvList.SendAsync(
            "exchange-rates.csv",
            request => list.RunAsync(call, ExchangeRatesPage.FilterOf(name => http.Request.Query[name], today), request, cancellationToken),
            [
                new("base", row => row.BaseCurrency), new("target", row => row.TargetCurrency), new("rate", row => row.Rate), new("effectiveFrom", row => Day(row.EffectiveFrom)), new("effectiveTo", row => Day(row.EffectiveTo)), new("source", row => row.Source),
            ],
            http);
    }

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string YesNo(bool value) => value ? "yes" : "no";
}
