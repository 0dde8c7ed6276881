using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Discounts;

/// <summary>Makes a discount. Staff only. Fails with <c>invalid</c> by field, or <c>discount_code_taken</c>.</summary>
public sealed class CreateDiscount(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>discounts:write</c>, as staff.</summary>
    public async Task<Result<Discount>> RunAsync(CallContext call, DiscountInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.DiscountsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (DiscountValidation.Check(input, out var failures) is not { } definition)
            return failures;
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var discount = Discount.Create(definition, now);
        db.Discounts.Add(discount);
        db.Audit(call, new AuditRecord("discount.created", "discount", discount.Id, null, After: definition), now);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException)
        {
            return Failure.Conflict("discount_code_taken", "Another discount has this code. Choose another one.");
        }

        return discount;
    }
}

/// <summary>Has nobody get a discount any more; who has it keeps it. Staff only. Fails with <c>discount_withdrawn</c>.</summary>
public sealed class WithdrawDiscount(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>discounts:write</c>, as staff.</summary>
    public async Task<Result<Discount>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.DiscountsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Discount>(id, cancellationToken) is not { } discount)
            return Failure.NotFound("discount");
        if (!discount.IsActive)
            return Failure.Conflict("discount_withdrawn", "The discount is already withdrawn.");
        var now = clock.GetUtcNow();
        discount.Withdraw(now);
        db.Audit(call, new AuditRecord("discount.withdrawn", "discount", discount.Id, null, new { IsActive = true }, new { discount.IsActive }), now);
        await db.CommitAsync(cancellationToken);
        return discount;
    }
}

/// <summary>Lists discounts, newest first; sorts by <c>name</c> or <c>redemptions</c>; searches name and code.</summary>
public sealed class ListDiscounts(IBillingStore store)
{
    /// <summary>Needs <c>discounts:read</c>, as staff: a code is only told to whom it is meant for.</summary>
    public async Task<Result<PagedList<Discount>>> RunAsync(CallContext call, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.DiscountsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var discounts = db.Discounts.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var needle = list.Search.Trim().ToUpperInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            discounts = discounts.Where(discount => discount.Name.ToUpper().Contains(needle) || discount.Code!.Contains(needle));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        int? total = list.WithTotal ? await discounts.CountAsync(cancellationToken) : null;
        var sorted = (list.After is null ? list.Sort : null, list.Descending) switch
        {
            ("name", false) => discounts.OrderBy(discount => discount.Name).ThenBy(discount => discount.Id),
            ("name", true) => discounts.OrderByDescending(discount => discount.Name).ThenByDescending(discount => discount.Id),
            ("redemptions", false) => discounts.OrderBy(discount => discount.Redemptions).ThenBy(discount => discount.Id),
            ("redemptions", true) => discounts.OrderByDescending(discount => discount.Redemptions).ThenByDescending(discount => discount.Id),
            _ => discounts.OrderByDescending(discount => discount.Id),
        };
        var page = list.After is { } after ? sorted.Where(discount => discount.Id < after) : sorted.Skip(list.Skip);
        return PagedList<Discount>.Cut(await page.Take(list.Fetch).ToListAsync(cancellationToken), list, total);
    }
}

/// <summary>Reads a discount.</summary>
public sealed class GetDiscount(IBillingStore store)
{
    /// <summary>Needs <c>discounts:read</c>, as staff.</summary>
    public async Task<Result<Discount>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.DiscountsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await db.Discounts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } discount ? discount : Failure.NotFound("discount");
    }
}

/// <summary>An organisation that has a discount.</summary>
public sealed record DiscountHolder(Guid Id, Guid OrganisationId, string OrganisationName, DiscountSource Source, string? Reason, int FirstMonth, int? EndMonth, DateTimeOffset CreatedAt);

/// <summary>Lists who has been given a discount, newest first; searches the organisation's name.</summary>
public sealed class ListDiscountHolders(IBillingStore store)
{
    /// <summary>Needs <c>discounts:read</c>, as staff. Paging by skip or by id.</summary>
    public async Task<Result<PagedList<DiscountHolder>>> RunAsync(CallContext call, Guid discountId, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.DiscountsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows =
            from given in db.OrganisationDiscounts.AsNoTracking()
            where given.DiscountId == discountId
            join organisation in db.Organisations on given.OrganisationId equals organisation.Id
            select new { given, organisation.Name };
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var needle = list.Search.Trim().ToUpperInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            rows = rows.Where(row => row.Name.ToUpper().Contains(needle));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        int? total = list.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        if (list.After is { } after)
            rows = rows.Where(row => row.given.Id < after);
        var found = await rows.OrderByDescending(row => row.given.Id).Skip(list.Skip).Take(list.Fetch)
            .Select(row => new DiscountHolder(
                row.given.Id, row.given.OrganisationId, row.Name, row.given.Source, row.given.Reason, row.given.FirstMonth, row.given.EndMonth, row.given.CreatedAt))
            .ToListAsync(cancellationToken);
        return PagedList<DiscountHolder>.Cut(found, list, total);
    }
}
