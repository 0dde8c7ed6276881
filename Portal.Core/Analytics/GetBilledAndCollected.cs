using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Payments;

namespace Portal.Core.Analytics;

/// <summary>What was billed and what came in, in one currency.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Months">The last twelve, oldest first.</param>
public sealed record RevenueMonths(string Currency, IReadOnlyList<RevenueMonth> Months);

/// <param name="Month">A calendar month of the zone.</param>
/// <param name="Billed">Totals of the invoices issued in it that are not void, tax included.</param>
/// <param name="Collected">Money received in it; credit that was used is none.</param>
public sealed record RevenueMonth(BillingMonth Month, decimal Billed, decimal Collected);

/// <summary>Reads what was billed and collected in the last twelve months. It goes through all documents of a year, so the staff's front page asks for it by itself, once it stands.</summary>
public sealed class GetBilledAndCollected(IBillingStore store, TimeProvider clock)
{
    private const int Months = 12;

    internal static bool IsAllowed(CallContext call) => call.Scope is AccessScope.Staff && call.May(Permissions.InvoicesRead) && call.May(Permissions.PaymentsRead);

    /// <summary>Needs <c>invoices:read</c> and <c>payments:read</c>, as staff. By currency, the one with the most documents first.</summary>
    /// <param name="call">A staff member's.</param>
    /// <param name="timeZone">IANA zone that cuts the months.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Result<IReadOnlyList<RevenueMonths>>> RunAsync(CallContext call, string timeZone, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!IsAllowed(call))
            return Failure.Forbidden();
        var calendar = new BillingCalendar(timeZone, null, null);
        var first = BillingMonth.FromIndex(calendar.MonthOf(clock.GetUtcNow()).Index - Months + 1);
        BillingMonth[] months = [.. Enumerable.Range(first.Index, Months).Select(BillingMonth.FromIndex)];
        DateTimeOffset[] starts = [.. months.Select(month => calendar.Period(month).Start)];
        var start = starts[0];
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var billed = db.Invoices
            .Where(invoice => invoice.IssuedAt >= start && invoice.Status != InvoiceStatus.Draft && invoice.Status != InvoiceStatus.Void)
            .GroupBy(invoice => new { invoice.Currency, Span = DatabaseFunctions.SpanOf(invoice.IssuedAt!.Value, starts) })
            .Select(group => new { group.Key.Currency, group.Key.Span, Count = group.Count(), Billed = group.Sum(invoice => invoice.Total), Collected = 0m });
        var collected = db.Payments
            .Where(payment => payment.ReceivedAt >= start && payment.Method != PaymentMethod.AccountCredit
                && (payment.Status == PaymentStatus.Captured || payment.Status == PaymentStatus.PartiallyRefunded || payment.Status == PaymentStatus.Refunded))
            .GroupBy(payment => new { payment.Currency, Span = DatabaseFunctions.SpanOf(payment.ReceivedAt, starts) })
            .Select(group => new { group.Key.Currency, group.Key.Span, Count = group.Count(), Billed = 0m, Collected = group.Sum(payment => payment.Amount) });
        var sums = await billed.Concat(collected).ToListAsync(cancellationToken);
        return Result<IReadOnlyList<RevenueMonths>>.From(
        [
            .. sums.GroupBy(sum => sum.Currency, StringComparer.Ordinal)
                .OrderByDescending(group => group.Sum(sum => sum.Count)).ThenBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new RevenueMonths(group.Key, [.. months.Select((month, index) => new RevenueMonth(
                    month, group.Where(sum => sum.Span == index + 1).Sum(sum => sum.Billed), group.Where(sum => sum.Span == index + 1).Sum(sum => sum.Collected)))])),
        ]);
    }
}
