using Microsoft.EntityFrameworkCore;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Settings;

namespace Portal.Core.Tax;

/// <summary>All that decides the tax of some organisations, read once: the seller's and their profiles and the rates.</summary>
/// <param name="Settings">The platform's; its seller holds where no version was ever kept.</param>
/// <param name="Sellers">The seller's versions.</param>
/// <param name="Customers">The organisations' versions, by organisation.</param>
/// <param name="Rates">The rates.</param>
/// <param name="Exchange">Rates between currencies.</param>
public sealed record TaxTables(
    PlatformSettings Settings,
    IReadOnlyList<SellerTaxProfile> Sellers,
    ILookup<Guid, OrganisationTaxProfile> Customers,
    IReadOnlyList<TaxRate> Rates,
    ExchangeRateBook Exchange)
{
    /// <summary>The day of an instant where the seller is: that is the day of issue.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => TimeZoneInfo.TryFindSystemTimeZoneById(Settings.TimeZone, out var zone)
        ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime)
        : DateOnly.FromDateTime(instant.UtcDateTime);

    public SellerProfile SellerOn(DateOnly day) => Sellers.VersionOn(day)?.Profile ?? Settings.Seller;

    public CustomerTaxFacts CustomerOn(Organisation organisation, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        return Customers[organisation.Id].VersionOn(day)?.Facts ?? CustomerTaxFacts.Of(organisation);
    }

    /// <summary>How the organisation is taxed on a day.</summary>
    public TaxTreatment Treatment(Organisation organisation, DateOnly day) => TaxTreatment.Decide(SellerOn(day), CustomerOn(organisation, day), day);
}

/// <summary>Reads the tables of tax within a session.</summary>
public static class TaxTablesStore
{
    /// <summary>Everything for these organisations, in five queries whatever their number.</summary>
    public static async Task<TaxTables> TaxTablesAsync(this IBillingDb db, IReadOnlyCollection<Guid> organisationIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var customers = await db.OrganisationTaxProfiles.AsNoTracking().Where(profile => organisationIds.Contains(profile.OrganisationId)).ToListAsync(cancellationToken);
        return new TaxTables(
            await db.PlatformSettingsAsync(cancellationToken),
            await db.SellerTaxProfiles.AsNoTracking().ToListAsync(cancellationToken),
            customers.ToLookup(profile => profile.OrganisationId),
            await db.TaxRates.AsNoTracking().ToListAsync(cancellationToken),
            new ExchangeRateBook(await db.ExchangeRates.AsNoTracking().ToListAsync(cancellationToken)));
    }

    /// <summary>The settings with the seller that is in force.</summary>
    public static async Task<PlatformSettings> SettingsInForceAsync(this IBillingDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var settings = await db.PlatformSettingsAsync(cancellationToken);
        var sellers = await db.SellerTaxProfiles.AsNoTracking().ToListAsync(cancellationToken);
        var tables = new TaxTables(settings, sellers, Array.Empty<OrganisationTaxProfile>().ToLookup(profile => profile.OrganisationId), [], ExchangeRateBook.Empty);
        return settings with { Seller = tables.SellerOn(tables.DayOf(now)) };
    }
}
