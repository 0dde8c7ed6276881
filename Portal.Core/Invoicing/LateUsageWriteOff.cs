using Portal.Core.Kernel;

namespace Portal.Core.Invoicing;

/// <summary>
/// Late usage that staff gave up, with the reason. Append-only, and counted with the lines when the month is compared again: what comes later still is billed
/// by its own difference.
/// </summary>
public sealed class LateUsageWriteOff : IOrganisationOwned
{
    private LateUsageWriteOff() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    /// <summary>The month the usage belongs to.</summary>
    public int UsageYear { get; private set; }

    /// <summary>The month the usage belongs to.</summary>
    public int UsageMonth { get; private set; }

    /// <summary>Units that came after.</summary>
    public decimal Quantity { get; private set; }

    public long EventCount { get; private set; }

    /// <summary>ISO 4217, of the price.</summary>
    public string Currency { get; private set; } = "";

    /// <summary>What is not charged, above 0; with the tax where prices contain it.</summary>
    public decimal Amount { get; private set; }

    public Guid PriceId { get; private set; }

    public string Reason { get; private set; } = "";

    /// <summary>JSON of <see cref="LineExplanation"/>.</summary>
    public string Explanation { get; private set; } = "{}";

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The record of a line that is not to be charged.</summary>
    public static LateUsageWriteOff Of(InvoiceDraft draft, DraftLine line, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(line);
        return new LateUsageWriteOff
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = draft.OrganisationId,
            MetricName = line.MetricName,
            Unit = line.Unit,
            UsageYear = line.UsageMonth.Year,
            UsageMonth = line.UsageMonth.Month,
            Quantity = line.Quantity,
            EventCount = line.EventCount,
            // As the month is compared: in the price's own currency, with the tax where prices contain it.
            Currency = line.Conversion?.Currency ?? draft.Currency.Code,
            Amount = line.Conversion?.Original ?? line.Charge,
            PriceId = line.PriceId!.Value,
            Reason = reason,
            Explanation = InvoiceJson.Write(line.Explanation),
            CreatedAt = now,
        };
    }
}
