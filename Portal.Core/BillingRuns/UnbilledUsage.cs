using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.BillingRuns;

/// <summary>Usage of an organisation that no invoice holds yet, besides that of the month that runs.</summary>
/// <param name="OrganisationId">Whose.</param>
/// <param name="Currency">ISO 4217, of the amounts.</param>
/// <param name="Late">What came after its month was invoiced, with the exact difference; oldest month first. A negative amount becomes account credit.</param>
/// <param name="Unpriced">What no price covers, the month that runs included; oldest month first.</param>
/// <param name="HoldReason">Why some late usage has no amount, when it has none.</param>
public sealed record UnbilledUsage(Guid OrganisationId, string Currency, IReadOnlyList<DraftLine> Late, IReadOnlyList<MeteredUsage> Unpriced, string? HoldReason);

/// <summary>Reads <see cref="UnbilledUsage"/>, by the very code that bills it. Staff only.</summary>
public sealed class GetUnbilledUsage(IBillingStore store, IBillingInputs inputs, BillChunk chunks, TimeProvider clock)
{
    public async Task<Result<UnbilledUsage>> RunAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var draft = await DraftAsync(db, organisationId, withLock: false, cancellationToken);
        if (draft is null)
            return Failure.NotFound("organisation");
        return new UnbilledUsage(organisationId, draft.Currency.Code, Late(draft), [.. draft.Unpriced.OrderBy(usage => usage.Month)], draft.HoldReason);
    }

    /// <summary>What came late, of a draft of the month that runs.</summary>
    internal static IReadOnlyList<DraftLine> Late(InvoiceDraft draft) =>
        [.. draft.Lines.Concat(draft.Credits).Where(line => line.Kind == InvoiceLineKind.LateUsage).OrderBy(line => line.UsageMonth).ThenBy(line => line.MetricName, StringComparer.Ordinal)];

    /// <summary>The draft of the month that runs; null when there is no such organisation.</summary>
    internal async Task<InvoiceDraft?> DraftAsync(IBillingDb db, Guid organisationId, bool withLock, CancellationToken cancellationToken)
    {
        // The months of all zones begin within a day; the organisation's own decides, and is known only after it is read.
        var now = clock.GetUtcNow();
        var latest = new BillingMonth(now.AddDays(1).UtcDateTime.Year, now.AddDays(1).UtcDateTime.Month);
        var input = await inputs.LoadAsync(db, [organisationId], new BillingInputRequest(latest, chunks.FirstMonth(latest), RemakeDrafts: false, Lock: withLock, WithFees: false), cancellationToken);
        if (input.Organisations.Count == 0)
            return null;
        var organisation = input.Organisations[0];
        var month = organisation.Calendar.MonthOf(now);
        return input.Draft(organisation, month, input.BillableUsage(organisation, month).Where(usage => usage.Month <= month), now, withFees: false);
    }
}

/// <summary>Late usage that is to be given up.</summary>
public sealed record WriteOffLateUsageRequest
{
    public Guid OrganisationId { get; init; }

    /// <summary>The month that it belongs to.</summary>
    public int Year { get; init; }

    /// <summary>1 to 12.</summary>
    public int Month { get; init; }

    public string? MetricName { get; init; }

    public string? Unit { get; init; }

    /// <summary>1 to 500 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>What was seen to be given up; when it is another by now, nothing is.</summary>
    public decimal? Amount { get; init; }
}

/// <summary>Gives late usage up, for good and with a reason. What is the customer's own credit can't be given up. Staff only.</summary>
public sealed class WriteOffLateUsage(IBillingStore store, GetUnbilledUsage unbilled, TimeProvider clock)
{
    private const int MaxReason = 500;

    public async Task<Result<LateUsageWriteOff>> RunAsync(CallContext call, WriteOffLateUsageRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.InvoicesVoid) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Trim().Length > MaxReason)
            return Failure.Invalid("reason", $"Enter 1 to {MaxReason} characters.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        // With the organisation's row locked, no run bills it meanwhile.
        if (await unbilled.DraftAsync(db, request.OrganisationId, withLock: true, cancellationToken) is not { } draft)
            return Failure.NotFound("organisation");
        var line = GetUnbilledUsage.Late(draft).SingleOrDefault(late =>
            late.UsageMonth == new BillingMonth(request.Year, request.Month) && late.MetricName == request.MetricName && late.Unit == request.Unit);
        if (line is null)
            return Failure.Conflict("late_usage_gone", "This late usage has already been billed or written off.");
        if (line.Amount < 0)
            return Failure.Conflict("late_usage_is_credit", "This reduces the month's charge: it is the customer's credit and can't be written off.");
        if (request.Amount is { } seen && seen != line.Amount)
            return Failure.Conflict("late_usage_changed", "More late usage has arrived. Check the amount again.");
        var now = clock.GetUtcNow();
        var writeOff = LateUsageWriteOff.Of(draft, line, request.Reason.Trim(), now);
        db.LateUsageWriteOffs.Add(writeOff);
        db.Audit(call, new AuditRecord("late_usage.written_off", "late_usage_write_off", writeOff.Id, writeOff.OrganisationId, After: new
        {
            Month = line.UsageMonth.ToString(), writeOff.MetricName, writeOff.Unit, writeOff.Quantity, writeOff.EventCount, writeOff.Amount, writeOff.Currency, writeOff.Reason,
        }), now);
        await db.CommitAsync(cancellationToken);
        return writeOff;
    }
}
