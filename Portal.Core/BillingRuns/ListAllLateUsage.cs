using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Microsoft.Extensions.Options;

namespace Portal.Core.BillingRuns;

/// <summary>Where late usage stands.</summary>
public enum LateUsageState
{
    /// <summary>No invoice, credit or write-off holds it.</summary>
    Waiting,

    /// <summary>On an invoice that counts, as the difference to what was billed before.</summary>
    Billed,

    /// <summary>Its month became cheaper: the difference went to account credit.</summary>
    Credited,

    /// <summary>Given up, with a reason.</summary>
    WrittenOff,
}

/// <summary>Which late usage is asked for; what is null narrows nothing.</summary>
public sealed record LateUsageFilter
{
    public Guid? OrganisationId { get; init; }

    public LateUsageState? State { get; init; }

    /// <summary>The month that the usage belongs to.</summary>
    public BillingMonth? Month { get; init; }
}

/// <summary>Late usage of one metric and month.</summary>
public sealed record LateUsageRow
{
    public required Guid OrganisationId { get; init; }

    public required string OrganisationName { get; init; }

    /// <summary>The month that it belongs to.</summary>
    public required BillingMonth Month { get; init; }

    public required string MetricName { get; init; }

    public required string Unit { get; init; }

    public required LateUsageState State { get; init; }

    /// <summary>Units that came after; negative where corrections took some away.</summary>
    public decimal Quantity { get; init; }

    public long EventCount { get; init; }

    /// <summary>The difference to what was billed before, in <see cref="Currency"/>: negative is account credit. 0: the month costs the same. Null: it can't be said, see <see cref="Reason"/>.</summary>
    public decimal? Amount { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>The invoice that holds it.</summary>
    public Guid? InvoiceId { get; init; }

    /// <summary>Null for a draft, and where no invoice holds it.</summary>
    public string? InvoiceNumber { get; init; }

    /// <summary>The run that credited it.</summary>
    public Guid? BillingRunId { get; init; }

    /// <summary>Why it was given up, or why it has no amount.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was billed, credited or given up; null while it waits.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Of the line, the credit or the write-off; null while it waits.</summary>
    public Guid? Id { get; init; }
}

/// <summary>Finds late usage in the database.</summary>
public interface ILateUsageBook
{
    /// <summary>
    /// A page of it, with one row more than asked, what waits first; and how many there are. What waits has neither quantity, events nor amount yet: those are for the
    /// code that bills to say.
    /// </summary>
    /// <param name="db">The session; staff.</param>
    /// <param name="filter">What is asked for.</param>
    /// <param name="months">The first and the last month in which usage that waits is looked for.</param>
    /// <param name="list">Searches the metric; sorts by <c>organisation</c> or <c>month</c>.</param>
    /// <param name="cancellationToken">Gives the question up.</param>
    Task<(List<LateUsageRow> Rows, int? Total)> FindAsync(IBillingDb db, LateUsageFilter filter, (BillingMonth First, BillingMonth Last) months, ListRequest list, CancellationToken cancellationToken);
}

/// <summary>
/// Late usage of all organisations: what waits, priced by the very code that will bill it, and what became of the rest. Searches the metric; sorts by
/// <c>organisation</c> or <c>month</c>, else what waits first and the newest month. Staff only; paged by skip.
/// </summary>
public sealed class ListAllLateUsage(IBillingStore store, ILateUsageBook book, IBillingInputs inputs, IOptions<BillingOptions> options, TimeProvider clock)
{
    public async Task<Result<PagedList<LateUsageRow>>> RunAsync(CallContext call, LateUsageFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.InvoicesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        // Where a month begins first on earth, the next one runs already.
        var latest = new BillingMonth(now.AddDays(1).UtcDateTime.Year, now.AddDays(1).UtcDateTime.Month);
        var first = BillingMonth.FromIndex(latest.Index - options.Value.LateUsageMonths);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var (rows, total) = await book.FindAsync(db, filter, (first, latest), list, cancellationToken);
        var page = PagedList<LateUsageRow>.Cut(rows, list, total);
        Guid[] waiting = [.. page.Items.Where(row => row.State == LateUsageState.Waiting).Select(row => row.OrganisationId).Distinct()];
        if (waiting.Length == 0)
            return page;
        var input = await inputs.LoadAsync(db, waiting, new BillingInputRequest(latest, first, RemakeDrafts: false, Lock: false), cancellationToken);
        var drafts = input.Organisations.ToDictionary(organisation => organisation.Id, organisation => Priced(input, organisation, now));
        return page with { Items = [.. page.Items.Select(row => row.State == LateUsageState.Waiting && drafts.TryGetValue(row.OrganisationId, out var draft) ? Measured(row, draft) : row)] };
    }

    // What the next run would make of it, and the usage that it goes by.
    private static (InvoiceDraft Draft, List<MeteredUsage> Usage) Priced(BillingInput input, Organisations.Organisation organisation, DateTimeOffset now)
    {
        var month = organisation.Calendar.MonthOf(now);
        List<MeteredUsage> usage = [.. input.BillableUsage(organisation, month).Where(used => used.Month < month)];
        return (input.Draft(organisation, month, usage, now, withFees: false), usage);
    }

    private static LateUsageRow Measured(LateUsageRow row, (InvoiceDraft Draft, List<MeteredUsage> Usage) priced)
    {
        var used = priced.Usage.Find(one => one.Month == row.Month && one.MetricName == row.MetricName && one.Unit == row.Unit);
        var line = GetUnbilledUsage.Late(priced.Draft).SingleOrDefault(late => late.UsageMonth == row.Month && late.MetricName == row.MetricName && late.Unit == row.Unit);
        // Without a line it comes to nothing, unless it could not be priced; the draft says why in a sentence.
        var held = line is null && priced.Draft.NotConverted.Any(what => what.StartsWith($"{row.MetricName} ({row.Unit}) ", StringComparison.Ordinal)) ? priced.Draft.HoldReason : null;
        return row with
        {
            Quantity = line?.Quantity ?? (used is null ? 0 : used.Quantity - (used.Billed?.Quantity ?? 0)),
            EventCount = line?.EventCount ?? (used is null ? 0 : used.EventCount - (used.Billed?.EventCount ?? 0)),
            Amount = held is null ? line?.Amount ?? 0 : null,
            Currency = priced.Draft.Currency.Code,
            Reason = held,
        };
    }
}
