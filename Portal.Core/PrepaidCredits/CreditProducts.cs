using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Currencies;
using Portal.Core.Kernel;

namespace Portal.Core.PrepaidCredits;

/// <summary>A pack as it was typed or sent.</summary>
public sealed record CreditProductInput
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public decimal? Credits { get; init; }

    public decimal? Price { get; init; }

    public string? Currency { get; init; }

    public int? ValidityDays { get; init; }

    public string? HsnSac { get; init; }

    public string? ProviderProductId { get; init; }

    public string? ProviderPriceId { get; init; }

    public bool IsActive { get; init; } = true;
}

/// <summary>Makes a pack of credits, or changes what is bought from now on. Staff only. Fails with <c>invalid</c> by field, or <c>credit_product_taken</c>.</summary>
public sealed class SaveCreditProduct(IBillingStore store, TimeProvider clock)
{
    /// <summary>Credits of a pack or grant stay below this.</summary>
    internal const decimal MaxCredits = 1_000_000_000_000m;

    /// <summary>Needs <c>credits:write</c>, as staff. Without an id a new one is made.</summary>
    public async Task<Result<CreditProduct>> RunAsync(CallContext call, Guid? id, CreditProductInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(input);
        if (!call.May(Permissions.CreditsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (Check(input) is { Count: > 0 } failures)
            return failures;
        var terms = new CreditProductTerms(
            Trim(input.Name)!, input.Credits!.Value, input.Price!.Value, input.Currency!, input.ValidityDays, Trim(input.Description), Trim(input.HsnSac), Trim(input.ProviderProductId), Trim(input.ProviderPriceId), input.IsActive);
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        CreditProduct? product;
        if (id is { } known)
        {
            product = await db.LockAsync<CreditProduct>(known, cancellationToken);
            if (product is null)
                return Failure.NotFound("credit product");
            var before = new { product.Name, product.Credits, product.Price, product.Currency, product.ValidityDays, product.IsActive };
            product.Change(terms, now);
            db.Audit(call, new AuditRecord("credit_product.changed", "credit_product", product.Id, null, before, terms), now);
        }
        else
        {
            product = CreditProduct.Create(terms, now);
            db.CreditProducts.Add(product);
            db.Audit(call, new AuditRecord("credit_product.created", "credit_product", product.Id, null, After: terms), now);
        }

        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException)
        {
            return Failure.Conflict("credit_product_taken", "Another pack has this name or provider price.");
        }

        return product;
    }

    private static List<Failure> Check(CreditProductInput input)
    {
        var failures = new List<Failure>();
        Require(Trim(input.Name) is { Length: <= 100 }, "name", "Enter 1 to 100 characters.");
        Require(Trim(input.Description) is null or { Length: <= 500 }, "description", "At most 500 characters.");
        Require(input.Credits is > 0 and < MaxCredits && decimal.Round(input.Credits.Value, CreditCost.Decimals, MidpointRounding.ToZero) == input.Credits, "credits", "Enter a number above 0, with at most 6 decimals.");
        if (!Currency.TryOf(input.Currency, out var currency))
            Require(false, "currency", "This is not an ISO 4217 currency code.");
        else
            Require(input.Price is > 0 and < 1_000_000_000m && currency.Round(input.Price.Value) == input.Price, "price", $"Enter an amount above 0, with at most {currency.Exponent} decimals.");
        Require(input.ValidityDays is null or (>= 1 and <= 3650), "validityDays", "Enter 1 to 3650 days, or leave empty.");
        Require(Trim(input.HsnSac) is null || (Trim(input.HsnSac) is { Length: >= 4 and <= 8 } code && code.All(char.IsAsciiDigit)), "hsnSac", "Enter an HSN or SAC code of 4 to 8 digits.");
        Require(Trim(input.ProviderProductId) is null or { Length: <= 100 }, "providerProductId", "At most 100 characters.");
        Require(Trim(input.ProviderPriceId) is null or { Length: <= 100 }, "providerPriceId", "At most 100 characters.");
        return failures;

        void Require(bool holds, string field, string message)
        {
            if (!holds)
                failures.Add(Failure.Invalid(field, message));
        }
    }

    private static string? Trim(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>Lists packs by name; customers see those that can be bought.</summary>
public sealed class ListCreditProducts(IBillingStore store)
{
    /// <summary>Needs <c>credits:read</c>. Paging by skip or by id; searches the name.</summary>
    public async Task<Result<PagedList<CreditProduct>>> RunAsync(CallContext call, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.CreditsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var products = db.CreditProducts.AsNoTracking();
        if (call.OrganisationId is not null)
            products = products.Where(product => product.IsActive);
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var needle = list.Search.Trim().ToUpperInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            products = products.Where(product => product.Name.ToUpper().Contains(needle));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        var all = products;
        if (list.After is { } after)
#pragma warning disable CA1309 // Runs in the database.
            products = products.Where(product => db.CreditProducts.Any(last => last.Id == after && string.Compare(product.Name, last.Name) > 0));
#pragma warning restore CA1309
        return await PagedList<CreditProduct>.ReadAsync(products.OrderBy(product => product.Name).ThenBy(product => product.Id).Skip(list.Skip).Take(list.Fetch), list, all.CountAsync, cancellationToken);
    }
}

/// <summary>Reads a pack; customers those that can be bought.</summary>
public sealed class GetCreditProduct(IBillingStore store)
{
    /// <summary>Needs <c>credits:read</c>.</summary>
    public async Task<Result<CreditProduct>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.CreditsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var isCustomer = call.OrganisationId is not null;
        var product = await db.CreditProducts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && (row.IsActive || !isCustomer), cancellationToken);
        return product is null ? Failure.NotFound("credit product") : product;
    }
}
