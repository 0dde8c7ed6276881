using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Metering;
using Portal.Core.Settings;

namespace Portal.Core.Payments;

/// <summary>Payments, newest first.</summary>
public sealed class ListPayments(IBillingStore store)
{
    /// <summary>
    /// Needs <c>payments:read</c>. Search looks at the reference, the provider's payment id and the organisation's name; sorts by <c>receivedAt</c>, <c>amount</c> and <c>status</c>.
    /// </summary>
    public async Task<Result<PagedList<PaymentRow>>> RunAsync(CallContext call, PaymentFilter filter, ListRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.PaymentsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = db.Payments.AsNoTracking()
            .Join(db.Organisations, payment => payment.OrganisationId, organisation => organisation.Id, (payment, organisation) => new { Payment = payment, organisation.Name });
        if (filter.OrganisationId is { } organisationId)
            rows = rows.Where(row => row.Payment.OrganisationId == organisationId);
        if (filter.InvoiceId is { } invoiceId)
            rows = rows.Where(row => row.Payment.Allocations.Any(part => part.InvoiceId == invoiceId));
        if (filter.Status is { } status)
            rows = rows.Where(row => row.Payment.Status == status);
        if (filter.Method is { } method)
            rows = rows.Where(row => row.Payment.Method == method);
        if (filter.CollectedIn is { } collectedIn)
        {
            var span = new BillingCalendar((await db.PlatformSettingsAsync(cancellationToken)).TimeZone, null, null).Period(collectedIn);
            rows = rows.Where(row => row.Payment.ReceivedAt >= span.Start && row.Payment.ReceivedAt < span.End && row.Payment.Method != PaymentMethod.AccountCredit
                && (row.Payment.Status == PaymentStatus.Captured || row.Payment.Status == PaymentStatus.PartiallyRefunded || row.Payment.Status == PaymentStatus.Refunded));
        }

        if (filter.Currency is { } currency)
            rows = rows.Where(row => row.Payment.Currency == currency);
        if (request.Search?.Trim() is { Length: > 0 } search)
        {
            // The organisations first: a part of either of two tables can be looked up in neither's index.
            var pattern = LikePattern.Containing(search);
            var named = await db.NamedLikeAsync(pattern, cancellationToken);
#pragma warning disable CA1304, CA1311, MA0011 // Runs in the database.
            rows = rows.Where(row => row.Payment.ProviderPaymentId == search || EF.Functions.Like(row.Payment.Reference!.ToLower(), pattern, @"\") || named.Contains(row.Payment.OrganisationId));
#pragma warning restore CA1304, CA1311, MA0011
        }

        int? total = request.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        if (request.After is { } after)
            rows = rows.Where(row => row.Payment.Id < after);
        var sorted = (request.After is null ? request.Sort : null, request.Descending) switch
        {
            ("receivedAt", false) => rows.OrderBy(row => row.Payment.ReceivedAt).ThenBy(row => row.Payment.Id),
            ("receivedAt", true) => rows.OrderByDescending(row => row.Payment.ReceivedAt).ThenByDescending(row => row.Payment.Id),
            ("amount", false) => rows.OrderBy(row => row.Payment.Amount).ThenBy(row => row.Payment.Id),
            ("amount", true) => rows.OrderByDescending(row => row.Payment.Amount).ThenByDescending(row => row.Payment.Id),
            ("status", false) => rows.OrderBy(row => row.Payment.Status).ThenByDescending(row => row.Payment.Id),
            ("status", true) => rows.OrderByDescending(row => row.Payment.Status).ThenByDescending(row => row.Payment.Id),
            _ => rows.OrderByDescending(row => row.Payment.Id),
        };
        var page = await sorted.Skip(request.Skip).Take(request.Fetch)
            .Select(row => new PaymentRow(row.Payment.Id, row.Payment.OrganisationId, row.Name, row.Payment.Method, row.Payment.Status, row.Payment.Currency, row.Payment.Amount,
                row.Payment.TdsAmount, row.Payment.Allocations.Sum(part => part.Amount), row.Payment.Reference, row.Payment.ProviderPaymentId, row.Payment.ProviderMethod,
                row.Payment.FailureReason, row.Payment.ReceivedAt, row.Payment.CreatedAt))
            .ToListAsync(cancellationToken);
        return PagedList<PaymentRow>.Cut(page, request, total);
    }
}

/// <summary>Which payments; null leaves a fact open.</summary>
/// <param name="OrganisationId">Whose.</param>
/// <param name="InvoiceId">Those that settle it.</param>
/// <param name="Status">Where they stand.</param>
/// <param name="Method">How they came.</param>
/// <param name="CollectedIn">Money that arrived in this calendar month of the platform's zone.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record PaymentFilter(
    Guid? OrganisationId = null, Guid? InvoiceId = null, PaymentStatus? Status = null, PaymentMethod? Method = null, BillingMonth? CollectedIn = null, string? Currency = null);

/// <summary>A payment in a list.</summary>
/// <param name="Id">Ours.</param>
/// <param name="OrganisationId">Whose money.</param>
/// <param name="OrganisationName">Whose money.</param>
/// <param name="Method">How it came.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">Money.</param>
/// <param name="TdsAmount">Tax deducted at source.</param>
/// <param name="Allocated">What went to invoices; the rest of a captured payment is account credit.</param>
/// <param name="Reference">As staff wrote it.</param>
/// <param name="ProviderPaymentId">The provider's id.</param>
/// <param name="ProviderMethod">The provider's word for how it was paid.</param>
/// <param name="FailureReason">Why it failed.</param>
/// <param name="ReceivedAt">When the money came.</param>
/// <param name="CreatedAt">When it was first seen.</param>
public sealed record PaymentRow(
    Guid Id, Guid OrganisationId, string OrganisationName, PaymentMethod Method, PaymentStatus Status, string Currency, decimal Amount, decimal TdsAmount, decimal Allocated,
    string? Reference, string? ProviderPaymentId, string? ProviderMethod, string? FailureReason, DateTimeOffset ReceivedAt, DateTimeOffset CreatedAt);
