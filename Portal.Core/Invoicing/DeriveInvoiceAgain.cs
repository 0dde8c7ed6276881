using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Discounts;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Plans;
using Portal.Core.Pricing;

namespace Portal.Core.Invoicing;

/// <summary>A line, worked out again.</summary>
/// <param name="Position">Of the line.</param>
/// <param name="Stored">What the line says.</param>
/// <param name="Derived">What its stored terms and quantity come to.</param>
/// <param name="ProjectsAgree">The projects' quantities sum to the quantity that was rated, where the metric is a sum or a count, and it is rounded as its rule says.</param>
/// <param name="DiscountAgrees">The discounts kept with the lines, taken off again, come to what was taken off this one.</param>
/// <param name="QuantityNow">The month's usage as it stands today; more than was rated where usage came late.</param>
public sealed record DerivedLine(int Position, decimal Stored, decimal Derived, bool ProjectsAgree, decimal? QuantityNow, bool DiscountAgrees = true)
{
    public bool Ok => Stored == Derived && ProjectsAgree && DiscountAgrees;
}

/// <summary>An invoice, worked out again from what is stored with it.</summary>
public sealed record DerivedInvoice(IReadOnlyList<DerivedLine> Lines, decimal StoredTax, decimal DerivedTax, decimal StoredTotal, decimal DerivedTotal)
{
    /// <summary>True when every figure comes out as it was stored.</summary>
    public bool Ok => Lines.All(line => line.Ok) && StoredTax == DerivedTax && StoredTotal == DerivedTotal;
}

/// <summary>Proves an invoice: rates again what each line says was rated, by the terms kept with it, and adds up.</summary>
public sealed class DeriveInvoiceAgain(IBillingStore store, IUsageMeasures measures)
{
    public async Task<Result<DerivedInvoice>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var invoice = await db.Invoices.AsNoTracking().Include(invoice => invoice.Lines).Include(invoice => invoice.Taxes)
            .Where(invoice => invoice.Id == id && (call.OrganisationId == null || invoice.Status != InvoiceStatus.Draft))
            .SingleOrDefaultAsync(cancellationToken);
        if (invoice is null)
            return Failure.NotFound("invoice");
        var usage = await UsageNowAsync(db, invoice, cancellationToken);
        var currency = Currency.Of(invoice.Currency);
        var stored = invoice.Lines.OrderBy(line => line.Position).ToList();
        var discounts = DiscountMath.ApplyAgain([.. stored.Select(line => (line.Charge, InvoiceJson.Read<LineExplanation>(line.Explanation).Discounts ?? []))], currency);
        var lines = stored.Select((line, index) => Derive(line, currency, usage) with { DiscountAgrees = line.Discount == discounts[index] }).ToList();
        var subtotal = lines.Sum(line => line.Derived);
        var tax = Tax(invoice, currency);
        return new DerivedInvoice(lines, invoice.Tax, tax, invoice.Total, subtotal - discounts.Sum() + tax);
    }

    private static DerivedLine Derive(InvoiceLine line, Currency currency, Dictionary<(BillingMonth, string, string), decimal> usage)
    {
        var explanation = InvoiceJson.Read<LineExplanation>(line.Explanation);
        var again = Rating.Rate(explanation.Terms, explanation.Rated.Quantity, explanation.Rated.EventCount);
        var priced = Currency.Of(explanation.Terms.Currency);
        var charge = explanation switch
        {
            { Recurring: { } days } => days.Derive(priced),
            { Commitment: { } promise } => MinimumCommitment.TrueUp(promise.Committed, promise.Spent),
            _ => priced.Round(again.Amount) - (explanation.BilledBefore?.Amount ?? 0),
        };
        if (line.ExchangeRate is { } rate)
            charge = currency.Round(charge * rate);
        var derived = line.IsTaxInclusive ? charge - line.TaxAmount : charge;
        var covered = explanation.Covered?.Quantity ?? 0;
        var measured = explanation.Measure?.Measured ?? explanation.Rated.Quantity + covered;
        var projects = (explanation.Projects.Count == 0 || explanation.Measure?.Rule.NeedsEvents == true || explanation.Projects.Values.Sum() == measured)
            && (explanation.Measure?.Rule.Round(measured) ?? measured) - covered == explanation.Rated.Quantity;
        var quantity = line.Quantity == explanation.Rated.Quantity - (explanation.BilledBefore?.Quantity ?? 0);
        return new DerivedLine(
            line.Position,
            line.Amount,
            derived,
            projects && quantity,
            usage.TryGetValue((new BillingMonth(line.UsageYear, line.UsageMonth), line.MetricName, line.Unit), out var now) ? now : null);
    }

    // Each component again from its own base; where prices contain the tax, from what was charged.
    private static decimal Tax(Invoice invoice, Currency currency) => invoice.Taxes.Sum(tax =>
    {
        var whole = invoice.Lines.FirstOrDefault(line => line.IsTaxInclusive && line.TaxRate >= tax.Rate && Matches(invoice, line.TaxRate!.Value, tax));
        return whole is null
            ? currency.Round(tax.Base * tax.Rate / 100m)
            : currency.Round(invoice.Lines.Where(line => line.IsTaxInclusive && line.TaxRate == whole.TaxRate).Sum(line => line.Charge - line.Discount) * tax.Rate / (100m + whole.TaxRate!.Value));
    });

    // The component belongs to the lines whose net amounts are its base.
    private static bool Matches(Invoice invoice, decimal rate, InvoiceTax tax) =>
        invoice.Lines.Where(line => line.IsTaxInclusive && line.TaxRate == rate).Sum(line => line.Amount - line.Discount) == tax.Base && rate % tax.Rate == 0;

    private async Task<Dictionary<(BillingMonth, string, string), decimal>> UsageNowAsync(IBillingDb db, Invoice invoice, CancellationToken cancellationToken)
    {
        if (invoice.Lines.Count == 0)
            return [];
        var months = invoice.Lines.Select(line => new BillingMonth(line.UsageYear, line.UsageMonth)).ToList();
        return (await measures.MonthsAsync(db, invoice.OrganisationId, months.Min(), months.Max(), cancellationToken)).ToDictionary(used => (used.Month, used.MetricName, used.Unit), used => used.Quantity);
    }
}
