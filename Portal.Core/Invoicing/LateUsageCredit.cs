using Portal.Core.Kernel;

namespace Portal.Core.Invoicing;

/// <summary>
/// Late usage that made an invoiced month cheaper: the difference went to account credit. Append-only, and counted with the lines when
/// the month is compared again.
/// </summary>
public sealed class LateUsageCredit : IOrganisationOwned
{
    private LateUsageCredit() { }

    /// <summary>Also the source of the movement of account credit and of its ledger entry.</summary>
    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public Guid BillingRunId { get; private set; }

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    /// <summary>The month the usage belongs to.</summary>
    public int UsageYear { get; private set; }

    /// <summary>The month the usage belongs to.</summary>
    public int UsageMonth { get; private set; }

    /// <summary>Units that came after; negative where corrections took some away.</summary>
    public decimal Quantity { get; private set; }

    public long EventCount { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    /// <summary>What was credited, above 0: less the percentages that were taken off the month's charges.</summary>
    public decimal Amount { get; private set; }

    /// <summary>What was not given back because discounts had taken it off; with <see cref="Amount"/> the difference of the charges.</summary>
    public decimal Discount { get; private set; }

    /// <summary>What was credited in the price's currency, where that is another one.</summary>
    public decimal? OriginalAmount { get; private set; }

    /// <summary>ISO 4217; with <see cref="OriginalAmount"/>.</summary>
    public string? OriginalCurrency { get; private set; }

    public Guid PriceId { get; private set; }

    /// <summary>JSON of <see cref="LineExplanation"/>.</summary>
    public string Explanation { get; private set; } = "{}";

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The record of a credit line of a draft.</summary>
    public static LateUsageCredit Of(InvoiceDraft draft, DraftLine credit, Guid billingRunId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(credit);
        return new LateUsageCredit
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = draft.OrganisationId,
            BillingRunId = billingRunId,
            MetricName = credit.MetricName,
            Unit = credit.Unit,
            UsageYear = credit.UsageMonth.Year,
            UsageMonth = credit.UsageMonth.Month,
            Quantity = credit.Quantity,
            EventCount = credit.EventCount,
            Currency = draft.Currency.Code,
            Amount = -credit.Amount - credit.Discount,
            Discount = credit.Discount,
            OriginalAmount = -credit.Conversion?.Original,
            OriginalCurrency = credit.Conversion?.Currency,
            PriceId = credit.PriceId!.Value,
            Explanation = InvoiceJson.Write(credit.Explanation),
            CreatedAt = now,
        };
    }
}
