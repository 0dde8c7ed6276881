using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Tax;

namespace Portal.Core.Discounts;

/// <summary>What gives an organisation a discount, whoever asks.</summary>
internal static class DiscountGiving
{
    /// <summary>Gives it within the session: locks the discount, so that it is not given more often than it may be.</summary>
    public static async Task<Result<OrganisationDiscount>> GiveAsync(IBillingDb db, CallContext call, Guid discountId, Organisation organisation, GivenDiscount given, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var settings = await db.SettingsInForceAsync(now, cancellationToken);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone)).DateTime);
        if (await db.LockAsync<Discount>(discountId, cancellationToken) is not { } discount || !discount.CanBeRedeemed(today))
            return Failure.Conflict("discount_not_available", "This discount is no longer available.");
        if (discount.Currency is { } currency && currency != organisation.Currency)
            return Failure.Conflict("discount_currency", $"This discount is an amount in {currency}; the invoices are in {organisation.Currency}.");
        discount.Redeem(today, now);
        var row = OrganisationDiscount.Give(organisation.Id, discount, given, now);
        db.OrganisationDiscounts.Add(row);
        db.Audit(call, new AuditRecord("discount.given", "organisation_discount", row.Id, row.OrganisationId, After: new
        {
            row.DiscountId, discount.Name, discount.Kind, discount.Value, discount.Currency, row.Source, row.Reason, First = given.First.ToString(), discount.Periods,
        }), now);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException)
        {
            return Failure.Conflict("discount_already_given", "The organisation already has this discount.");
        }

        return row;
    }
}

/// <summary>A discount that staff give.</summary>
public sealed record GiveDiscountRequest
{
    public Guid OrganisationId { get; init; }

    /// <summary>Which; empty where the code says it.</summary>
    public Guid DiscountId { get; init; }

    /// <summary>Which, by its code; only without an id.</summary>
    public string? Code { get; init; }

    /// <summary>The first billing month that it is for; empty: the month that runs.</summary>
    public int? Year { get; init; }

    /// <summary>1 to 12; with the year.</summary>
    public int? Month { get; init; }

    /// <summary>1 to 500 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>Gives an organisation a discount. Staff only. Fails with <c>invalid</c>, <c>discount_not_available</c>, <c>discount_currency</c> or <c>discount_already_given</c>.</summary>
public sealed class GiveDiscount(IBillingStore store, TimeProvider clock)
{
    private const int MaxReason = 500;

    /// <summary>Needs <c>discounts:write</c>, as staff.</summary>
    public async Task<Result<OrganisationDiscount>> RunAsync(CallContext call, GiveDiscountRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.DiscountsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Trim().Length > MaxReason)
            return Failure.Invalid("reason", $"Enter 1 to {MaxReason} characters.");
        if (request.Year is null != request.Month is null || request.Year is < 2000 or > 2100 || request.Month is < 1 or > 12)
            return Failure.Invalid("month", "Enter a valid month, or leave empty.");
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Organisations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.OrganisationId, cancellationToken) is not { } organisation)
            return Failure.NotFound("organisation");
        var discountId = request.DiscountId;
        if (discountId == Guid.Empty)
        {
            if (DiscountValidation.NormaliseCode(request.Code) is not { } code)
                return Failure.Invalid("discountId", "Choose a discount by its id or code.");
            if (await db.Discounts.Where(row => row.Code == code).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken) is not { } known)
                return Failure.Invalid("code", "No discount has this code.", "code_not_valid");
            discountId = known;
        }

        var first = request.Year is { } year ? new BillingMonth(year, request.Month!.Value) : organisation.Calendar.MonthOf(now);
        return await DiscountGiving.GiveAsync(db, call, discountId, organisation, new GivenDiscount(DiscountSource.Staff, first, call.Actor.Id, request.Reason.Trim()), now, cancellationToken);
    }
}

/// <summary>Enters the code of a discount for the organisation of the call; it is for the month that runs and those after it.</summary>
public sealed class RedeemDiscountCode(IBillingStore store, TimeProvider clock)
{
    /// <summary>
    /// Needs <c>invoices:pay</c>, in an organisation. Invalid <c>code_not_valid</c>, the same for every code that can't be had; Conflict
    /// <c>discount_currency</c> or <c>discount_already_given</c>.
    /// </summary>
    public async Task<Result<OrganisationDiscount>> RunAsync(CallContext call, string? code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesPay) || call.OrganisationId is not { } organisationId)
            return Failure.Forbidden();
        if (DiscountValidation.NormaliseCode(code) is not { } entered)
            return Failure.Invalid("code", "Enter a code.");
        var now = clock.GetUtcNow();
        // The customers' role sees no discounts, or it would see every code.
        await using var db = await store.OpenAsync(new AccessScope.System("a code names a discount that belongs to nobody yet"), cancellationToken);
        var organisation = await db.Organisations.AsNoTracking().SingleAsync(row => row.Id == organisationId, cancellationToken);
        var id = await db.Discounts.Where(discount => discount.Code == entered).Select(discount => (Guid?)discount.Id).SingleOrDefaultAsync(cancellationToken);
        if (id is null)
            return NotValid();
        var given = await DiscountGiving.GiveAsync(
            db, call, id.Value, organisation, new GivenDiscount(DiscountSource.Code, organisation.Calendar.MonthOf(now), call.Actor.Id, null), now, cancellationToken);
        return !given.Succeeded && given.Failure.Code == "discount_not_available" ? NotValid() : given;
    }

    private static Failure NotValid() => Failure.Invalid("code", "This code is not valid or has expired.", "code_not_valid");
}

/// <summary>Ends an organisation's discount before a month. Staff only. Fails with <c>invalid</c> or <c>discount_ended</c>.</summary>
public sealed class EndOrganisationDiscount(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>discounts:write</c>, as staff. <paramref name="month"/> is the first that it is no longer for.</summary>
    public async Task<Result<OrganisationDiscount>> RunAsync(CallContext call, Guid id, BillingMonth month, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.DiscountsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<OrganisationDiscount>(id, cancellationToken) is not { } discount)
            return Failure.NotFound("discount");
        if (month.Index < discount.FirstMonth)
            return Failure.Invalid("month", $"It starts in {BillingMonth.FromIndex(discount.FirstMonth)}: choose that month or a later one.");
        if (discount.EndMonth <= month.Index)
            return Failure.Conflict("discount_ended", "The discount already ends before that month. The end can be moved earlier, not later.");
        var now = clock.GetUtcNow();
        var before = new { discount.EndMonth };
        discount.End(month, now);
        db.Audit(call, new AuditRecord("discount.ended", "organisation_discount", discount.Id, discount.OrganisationId, before, new { discount.EndMonth }), now);
        await db.CommitAsync(cancellationToken);
        return discount;
    }
}

/// <summary>A discount of an organisation, as lists and pages show it.</summary>
public sealed record OrganisationDiscountDetails(
    Guid Id,
    Guid OrganisationId,
    Guid DiscountId,
    string Name,
    DiscountKind Kind,
    decimal Value,
    string? Currency,
    string? MetricName,
    string? Unit,
    DiscountSource Source,
    string? Reason,
    int FirstMonth,
    int? EndMonth,
    DateTimeOffset CreatedAt);

/// <summary>Lists what an organisation has been given, newest first.</summary>
public sealed class ListOrganisationDiscounts(IBillingStore store)
{
    /// <summary>Needs <c>discounts:read</c>. Why staff gave it is told to staff only.</summary>
    public async Task<Result<PagedList<OrganisationDiscountDetails>>> RunAsync(CallContext call, Guid organisationId, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.DiscountsRead) || (call.OrganisationId is { } own && own != organisationId))
            return Failure.Forbidden();
        // The customers' role sees no discounts, or it would see every code; the rows are those of the one organisation.
        await using var db = await store.OpenAsync(call.OrganisationId is null ? call.Scope : new AccessScope.System("names of an organisation's own discounts"), cancellationToken);
        var isStaff = call.OrganisationId is null;
        var rows =
            from given in db.OrganisationDiscounts.AsNoTracking()
            where given.OrganisationId == organisationId
            join discount in db.Discounts on given.DiscountId equals discount.Id
            select new { given, discount };
        var all = rows;
        if (list.After is { } after)
            rows = rows.Where(row => row.given.Id < after);
        var page = rows.OrderByDescending(row => row.given.Id).Skip(list.Skip).Take(list.Fetch)
            .Select(row => new OrganisationDiscountDetails(
                row.given.Id, row.given.OrganisationId, row.discount.Id, row.discount.Name, row.discount.Kind, row.discount.Value, row.discount.Currency, row.discount.MetricName, row.discount.Unit,
                row.given.Source, isStaff ? row.given.Reason : null, row.given.FirstMonth, row.given.EndMonth, row.given.CreatedAt));
        return await PagedList<OrganisationDiscountDetails>.ReadAsync(page, list, all.CountAsync, cancellationToken);
    }
}
