using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Settings;

namespace Portal.Core.Tax;

/// <summary>Puts a version into its place among the others, so that every day has one.</summary>
internal static class TaxProfileVersions
{
    /// <summary>Keeps an organisation's facts from a day on; with the session's next commit.</summary>
    public static async Task KeepAsync(IBillingDb db, Organisation organisation, CustomerTaxFacts? before, CustomerTaxFacts facts, DateOnly from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var versions = await db.OrganisationTaxProfiles.Where(row => row.OrganisationId == organisation.Id).OrderBy(row => row.EffectiveFrom).ToListAsync(cancellationToken);
        var first = DateOnly.FromDateTime(organisation.CreatedAt.UtcDateTime).AddDays(-1);
        if (versions.Count == 0 && before is not null && first < from)
        {
            // What held before anybody kept versions.
            db.OrganisationTaxProfiles.Add(OrganisationTaxProfile.Create(organisation.Id, before, first, from, now));
            db.OrganisationTaxProfiles.Add(OrganisationTaxProfile.Create(organisation.Id, facts, from, null, now));
            return;
        }

        if (versions.Find(row => row.EffectiveFrom == from) is { } same)
        {
            same.Correct(facts, now);
            return;
        }

        var next = versions.Find(row => row.EffectiveFrom > from)?.EffectiveFrom;
        if (versions.FindLast(row => row.EffectiveFrom < from) is { } previous)
        {
            previous.End(from, now);
            // The end must stand before the next begins: the database lets no two be in force on one day.
            await db.SaveAsync(cancellationToken);
        }

        db.OrganisationTaxProfiles.Add(OrganisationTaxProfile.Create(organisation.Id, facts, from, next, now));
    }

    /// <summary>Keeps the seller's profile from a day on; with the session's next commit.</summary>
    public static async Task KeepAsync(IBillingDb db, SellerProfile before, SellerProfile profile, DateOnly from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var versions = await db.SellerTaxProfiles.OrderBy(row => row.EffectiveFrom).ToListAsync(cancellationToken);
        if (versions.Count == 0 && before.LegalName.Length > 0 && from.Year > 2000)
        {
            db.SellerTaxProfiles.Add(SellerTaxProfile.Create(before, new DateOnly(2000, 1, 1), from, now));
            db.SellerTaxProfiles.Add(SellerTaxProfile.Create(profile, from, null, now));
            return;
        }

        if (versions.Find(row => row.EffectiveFrom == from) is { } same)
        {
            same.Correct(profile, now);
            return;
        }

        var next = versions.Find(row => row.EffectiveFrom > from)?.EffectiveFrom;
        if (versions.FindLast(row => row.EffectiveFrom < from) is { } previous)
        {
            previous.End(from, now);
            await db.SaveAsync(cancellationToken);
        }

        db.SellerTaxProfiles.Add(SellerTaxProfile.Create(profile, from, next, now));
    }
}

/// <summary>An organisation's tax profile: what holds today, how that is taxed, and every version.</summary>
/// <param name="Current">In force today.</param>
/// <param name="Treatment">What follows from it today.</param>
/// <param name="Rate">The rate of the tables for it today, or its own; null where none is charged or set.</param>
/// <param name="RateLabel">What that is called.</param>
/// <param name="Versions">Newest first; empty where none was ever kept.</param>
/// <param name="Today">The day, where the seller is.</param>
public sealed record OrganisationTaxView(CustomerTaxFacts Current, TaxTreatment Treatment, decimal? Rate, string? RateLabel, IReadOnlyList<OrganisationTaxProfile> Versions, DateOnly Today);

/// <summary>Reads an organisation's tax profile; customers see theirs.</summary>
public sealed class GetOrganisationTax(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>organisations:read</c>.</summary>
    public async Task<Result<OrganisationTaxView>> RunAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.OrganisationsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Organisations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == organisationId, cancellationToken) is not { } organisation)
            return Failure.NotFound("organisation");
        var tables = await db.TaxTablesAsync([organisationId], billed: null, cancellationToken);
        var today = tables.DayOf(clock.GetUtcNow());
        var treatment = tables.Treatment(organisation, today);
        var rate = TaxRate.Find(tables.Rates, treatment.Country, treatment.Region, null, today);
        return new OrganisationTaxView(
            tables.CustomerOn(organisation, today),
            treatment,
            treatment.IsTaxed ? treatment.OwnRate ?? rate?.Rate : null,
            treatment.OwnLabel ?? rate?.Label,
            [.. tables.Customers[organisationId].OrderByDescending(version => version.EffectiveFrom)],
            today);
    }
}

/// <summary>A profile from a day on.</summary>
public sealed record OrganisationTaxInput
{
    /// <summary>First day in force; null: today.</summary>
    public DateOnly? EffectiveFrom { get; init; }

    public string? Country { get; init; }

    public string? StateCode { get; init; }

    public string? TaxId { get; init; }

    public string? Address { get; init; }

    public bool IsSez { get; init; }

    public bool IsReverseCharge { get; init; }

    public string? ExemptionReason { get; init; }

    public decimal? OwnRate { get; init; }

    public string? OwnLabel { get; init; }
}

/// <summary>
/// Keeps an organisation's tax profile from a day on. What is issued keeps its copies. Customers change their tax id, state and address from
/// today on; the rest, and other days, are staff's.
/// </summary>
public sealed class SetOrganisationTax(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>organisations:write</c>. Fails with <c>invalid</c> by field.</summary>
    public async Task<Result<OrganisationTaxProfile>> RunAsync(CallContext call, Guid organisationId, OrganisationTaxInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(input);
        if (!call.May(Permissions.OrganisationsWrite))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Organisation>(organisationId, cancellationToken) is not { } organisation)
            return Failure.NotFound("organisation");
        var now = clock.GetUtcNow();
        var tables = await db.TaxTablesAsync([organisationId], billed: null, cancellationToken);
        var today = tables.DayOf(now);
        var from = input.EffectiveFrom ?? today;
        var current = tables.CustomerOn(organisation, from);
        var facts = Facts(input, current);
        if (call.OrganisationId is not null && (from != today || facts with { TaxId = current.TaxId, StateCode = current.StateCode, Address = current.Address } != current))
            return Failure.Forbidden("You can change the tax ID, state and address from today. Contact us to change anything else.");
        if (CustomerTaxRules.Check(facts, from, today) is { Count: > 0 } failures)
            return failures;
        await TaxProfileVersions.KeepAsync(db, organisation, CustomerTaxFacts.Of(organisation), facts, from, now, cancellationToken);
        // The address book follows what holds today.
        if (from <= today && !tables.Customers[organisationId].Any(version => version.EffectiveFrom > from && version.EffectiveFrom <= today))
            organisation.TakeTaxFacts(facts, now);
        db.Audit(call, new AuditRecord("organisation.tax_profile_set", "organisation", organisationId, organisationId, current, new { EffectiveFrom = from, facts.Country, facts.StateCode, facts.TaxId, facts.Address, facts.IsSez, facts.IsReverseCharge, facts.ExemptionReason, facts.OwnRate, facts.OwnLabel }), now);
        await db.SaveAsync(cancellationToken);
        var kept = await db.OrganisationTaxProfiles.AsNoTracking().SingleAsync(row => row.OrganisationId == organisationId && row.EffectiveFrom == from, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return kept;
    }

    private static CustomerTaxFacts Facts(OrganisationTaxInput input, CustomerTaxFacts current) => new()
    {
        Country = Trim(input.Country)?.ToUpperInvariant() ?? current.Country,
        StateCode = Trim(input.StateCode),
        TaxId = Trim(input.TaxId)?.ToUpperInvariant(),
        Address = Trim(input.Address)?.ReplaceLineEndings("\n"),
        IsSez = input.IsSez,
        IsReverseCharge = input.IsReverseCharge,
        ExemptionReason = Trim(input.ExemptionReason),
        OwnRate = input.OwnRate,
        OwnLabel = Trim(input.OwnLabel),
    };

    private static string? Trim(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>What a customer's tax facts must be.</summary>
public static class CustomerTaxRules
{
    /// <summary>Everything that is wrong, by field; empty when nothing is.</summary>
    public static List<Failure> Check(CustomerTaxFacts facts, DateOnly from, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var failures = new List<Failure>();
        Require(facts.Country is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'], "country", "Choose a country.");
        Require(facts.StateCode is null or { Length: <= 10 }, "stateCode", "At most 10 characters.");
        Require(facts.TaxId is null or { Length: <= 30 }, "taxId", "At most 30 characters.");
        Require(facts.Address is null or { Length: <= 500 }, "address", "At most 500 characters.");
        Require(facts.ExemptionReason is null or { Length: <= 200 }, "exemptionReason", "At most 200 characters.");
        Require(facts.OwnRate is null || (facts.OwnRate is >= 0 and <= 100 && decimal.Round(facts.OwnRate.Value, 4, MidpointRounding.AwayFromZero) == facts.OwnRate), "ownRate", "Enter a percentage from 0 to 100, with at most 4 decimals.");
        Require(facts.OwnLabel is null or { Length: <= 30 }, "ownLabel", "At most 30 characters.");
        Require(!facts.IsSez || facts.Country == "IN", "isSez", "Special economic zones apply only in India.");
        Require(from.Year >= 2000 && from <= today.AddYears(2), "effectiveFrom", "Enter a date within the next two years.");
        failures.AddRange(CheckIndia(facts));
        return failures;

        void Require(bool holds, string field, string message)
        {
            if (!holds)
                failures.Add(Failure.Invalid(field, message));
        }
    }

    /// <summary>What India asks of a state code and a GSTIN.</summary>
    public static IEnumerable<Failure> CheckIndia(CustomerTaxFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.Country != "IN")
            yield break;
        if (facts.StateCode is { } state && IndianStates.Print(state) is null)
            yield return Failure.Invalid("stateCode", "Enter the two digits of a state, such as 29.");
        if (facts.TaxId is { } gstin && Gstin.Complaint(gstin, facts.StateCode) is { } complaint)
            yield return Failure.Invalid("taxId", complaint);
    }
}

/// <summary>The seller's profile: what holds today, and every version.</summary>
public sealed record SellerTaxView(SellerProfile Current, IReadOnlyList<SellerTaxProfile> Versions, DateOnly Today);

/// <summary>Reads the seller's tax profile.</summary>
public sealed class GetSellerTax(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>settings:write</c>, as staff.</summary>
    public async Task<Result<SellerTaxView>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SettingsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var tables = await db.TaxTablesAsync([], billed: null, cancellationToken);
        var today = tables.DayOf(clock.GetUtcNow());
        return new SellerTaxView(tables.SellerOn(today), [.. tables.Sellers.OrderByDescending(version => version.EffectiveFrom)], today);
    }
}

/// <summary>Keeps the seller's profile from a day on. What is issued keeps its copies.</summary>
public sealed class SetSellerTax(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>settings:write</c>, as staff. Fails with <c>invalid</c> by field.</summary>
    public async Task<Result<SellerTaxView>> RunAsync(CallContext call, SellerProfile profile, DateOnly? effectiveFrom, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(profile);
        if (!call.May(Permissions.SettingsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        profile = SettingsRules.Tidy(new SettingsChanges { Seller = profile }).Seller!;
        var failures = SettingsRules.CheckSeller(profile);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var tables = await db.TaxTablesAsync([], billed: null, cancellationToken);
        var now = clock.GetUtcNow();
        var today = tables.DayOf(now);
        var from = effectiveFrom ?? today;
        if (from.Year < 2001 || from > today.AddYears(2))
            failures.Add(Failure.Invalid("effectiveFrom", "Enter a date within the next two years."));
        if (failures.Count > 0)
            return failures;
        await TaxProfileVersions.KeepAsync(db, tables.Settings.Seller, profile, from, now, cancellationToken);
        // The settings follow what holds today.
        if (from <= today && !tables.Sellers.Any(version => version.EffectiveFrom > from && version.EffectiveFrom <= today))
            await db.SavePlatformSettingsAsync(tables.Settings with { Seller = profile }, now, cancellationToken);
        db.Audit(call, new AuditRecord("settings.seller_tax_profile_set", "settings", SaveSettings.SettingsId, null, tables.SellerOn(from), new { EffectiveFrom = from, Profile = profile }), now);
        await db.SaveAsync(cancellationToken);
        var versions = await db.SellerTaxProfiles.AsNoTracking().OrderByDescending(row => row.EffectiveFrom).ToListAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return new SellerTaxView(versions.VersionOn(today)!.Profile, versions, today);
    }
}
