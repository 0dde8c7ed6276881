using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.Tax;

/// <summary>Which rates are asked for; a filter that is null does not apply.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="InForceOn">Only those in force on this day.</param>
public sealed record TaxRateFilter(string? Country = null, DateOnly? InForceOn = null);

/// <summary>Lists tax rates, newest first; sorts by <c>country</c>, <c>rate</c> or <c>effectiveFrom</c>; searches label, country, region and code.</summary>
public sealed class ListTaxRates(IBillingStore store)
{
    /// <summary>Needs <c>prices:read</c>, as staff.</summary>
    public async Task<Result<PagedList<TaxRate>>> RunAsync(CallContext call, TaxRateFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.PricesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rates = db.TaxRates.AsNoTracking();
        if (filter.Country is { } country)
            rates = rates.Where(rate => rate.Country == country);
        if (filter.InForceOn is { } day)
            rates = rates.Where(rate => rate.EffectiveFrom <= day && (rate.EffectiveTo == null || rate.EffectiveTo > day));
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var needle = list.Search.Trim().ToUpperInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            rates = rates.Where(rate => rate.Label.ToUpper().Contains(needle) || rate.Country == needle || rate.Region!.ToUpper() == needle || rate.HsnSac!.StartsWith(needle));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        int? total = list.WithTotal ? await rates.CountAsync(cancellationToken) : null;
        var sorted = (list.After is null ? list.Sort : null, list.Descending) switch
        {
            ("country", false) => rates.OrderBy(rate => rate.Country).ThenBy(rate => rate.Region).ThenBy(rate => rate.Id),
            ("country", true) => rates.OrderByDescending(rate => rate.Country).ThenByDescending(rate => rate.Region).ThenByDescending(rate => rate.Id),
            ("rate", false) => rates.OrderBy(rate => rate.Rate).ThenBy(rate => rate.Id),
            ("rate", true) => rates.OrderByDescending(rate => rate.Rate).ThenByDescending(rate => rate.Id),
            ("effectiveFrom", false) => rates.OrderBy(rate => rate.EffectiveFrom).ThenBy(rate => rate.Id),
            ("effectiveFrom", true) => rates.OrderByDescending(rate => rate.EffectiveFrom).ThenByDescending(rate => rate.Id),
            _ => rates.OrderByDescending(rate => rate.Id),
        };
        var page = list.After is { } after ? sorted.Where(rate => rate.Id < after) : sorted.Skip(list.Skip);
        return PagedList<TaxRate>.Cut(await page.Take(list.Fetch).ToListAsync(cancellationToken), list, total);
    }
}

/// <summary>What somebody typed for a rate.</summary>
public sealed record TaxRateInput
{
    public string? Country { get; init; }

    public string? Region { get; init; }

    public string? HsnSac { get; init; }

    public string? Label { get; init; }

    public decimal? Rate { get; init; }

    public bool IsInclusive { get; init; }

    public DateOnly? EffectiveFrom { get; init; }

    public DateOnly? EffectiveTo { get; init; }
}

/// <summary>Makes a tax rate. Fails with <c>invalid</c> by field, or <c>tax_rate_overlap</c>.</summary>
public sealed class CreateTaxRate(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>prices:write</c>, as staff.</summary>
    public async Task<Result<TaxRate>> RunAsync(CallContext call, TaxRateInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(input);
        if (!call.May(Permissions.PricesWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var (country, region, code, label) = (Trim(input.Country)?.ToUpperInvariant(), Trim(input.Region), Trim(input.HsnSac), Trim(input.Label));
        if (Check(input, country, region, code, label) is { Count: > 0 } failures)
            return failures;
        var now = clock.GetUtcNow();
        var rate = TaxRate.Create(new TaxRateTerms(country!, label!, input.Rate!.Value, input.EffectiveFrom!.Value, input.EffectiveTo, region, code, input.IsInclusive), now);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        db.TaxRates.Add(rate);
        db.Audit(call, new AuditRecord("tax_rate.created", "tax_rate", rate.Id, null, After: new { rate.Country, rate.Region, rate.HsnSac, rate.Label, rate.Rate, rate.IsInclusive, rate.EffectiveFrom, rate.EffectiveTo }), now);
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (UniqueViolationException refused) when (refused.Constraint == "tax_rates_no_overlap")
        {
            return Failure.Conflict("tax_rate_overlap", "Another rate for this country, region and code overlaps these dates. End it first, or choose other dates.");
        }

        return rate;
    }

    private static List<Failure> Check(TaxRateInput input, string? country, string? region, string? code, string? label)
    {
        var failures = new List<Failure>();
        Require(country is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'], "country", "Choose a country.");
        Require(region is null or { Length: <= 10 }, "region", "At most 10 characters.");
        Require(code is null || (code.Length is >= 2 and <= 8 && code.All(char.IsAsciiDigit)), "hsnSac", "Enter 2 to 8 digits.");
        Require(label is { Length: > 0 and <= 30 }, "label", "Enter a name of 1 to 30 characters, such as VAT.");
        Require(input.Rate is >= 0 and <= 100 && decimal.Round(input.Rate.Value, 4, MidpointRounding.AwayFromZero) == input.Rate, "rate", "Enter a percentage from 0 to 100, with at most 4 decimals.");
        Require(input.EffectiveFrom is { Year: >= 1990 and < 2100 }, "effectiveFrom", "Enter the effective date.");
        Require(input.EffectiveTo is null || input.EffectiveTo > input.EffectiveFrom, "effectiveTo", "The end must be after the first day.");
        return failures;

        void Require(bool holds, string field, string message)
        {
            if (!holds)
                failures.Add(Failure.Invalid(field, message));
        }
    }

    private static string? Trim(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>Ends a tax rate on the first day that it is no longer in force. The only change it knows.</summary>
public sealed class EndTaxRate(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>prices:write</c>, as staff. Fails with <c>invalid</c> or <c>tax_rate_ended</c>.</summary>
    public async Task<Result<TaxRate>> RunAsync(CallContext call, Guid id, DateOnly? effectiveTo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PricesWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (effectiveTo is not { } end)
            return Failure.Invalid("effectiveTo", "Enter the first day it no longer applies.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<TaxRate>(id, cancellationToken) is not { } rate)
            return Failure.NotFound("tax rate");
        if (end <= rate.EffectiveFrom)
            return Failure.Invalid("effectiveTo", "The end must be after the first day.");
        if (rate.EffectiveTo <= end)
            return Failure.Conflict("tax_rate_ended", "The rate already ends on or before that day. The end can be moved earlier, not later.");
        var now = clock.GetUtcNow();
        var before = new { rate.EffectiveTo };
        rate.End(end, now);
        db.Audit(call, new AuditRecord("tax_rate.ended", "tax_rate", rate.Id, null, before, new { rate.EffectiveTo }), now);
        await db.CommitAsync(cancellationToken);
        return rate;
    }
}
