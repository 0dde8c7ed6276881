using Microsoft.EntityFrameworkCore;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Settings;

namespace Portal.Core.Tax;

/// <summary>All that decides the tax of some organisations, read once: the seller's and their profiles and the rates.</summary>
/// <param name="Settings">The platform's; its seller holds where no version was ever kept.</param>
/// <param name="Sellers">The seller's versions.</param>
/// <param name="Customers">The organisations' versions, by organisation.</param>
/// <param name="Rates">Rates of the countries in question.</param>
/// <param name="Exchange">Rates between currencies in the month in question.</param>
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
    /// <summary>Everything for these organisations, in four queries whatever their number: rates of their countries, and exchange rates to their currencies.</summary>
    /// <param name="db">The session.</param>
    /// <param name="organisationIds">Whose tax is asked about.</param>
    /// <param name="billed">The months whose charges are converted, by rates in force in them; null where nothing is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<TaxTables> TaxTablesAsync(
        this IBillingDb db, IReadOnlyCollection<Guid> organisationIds, (BillingMonth First, BillingMonth Last)? billed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var customers = await db.OrganisationTaxProfiles.AsNoTracking().Where(profile => organisationIds.Contains(profile.OrganisationId)).ToListAsync(cancellationToken);
        // A seller in India taxes by India's rates wherever the customer is.
        List<string> countries = [.. customers.Select(profile => profile.Country).Append("IN").Distinct()];
        var organisations = db.Organisations.Where(organisation => organisationIds.Contains(organisation.Id));
        var (settings, sellers) = await SettingsAsync(db, cancellationToken);
        return new TaxTables(
            settings,
            sellers,
            customers.ToLookup(profile => profile.OrganisationId),
            await db.TaxRates.AsNoTracking().Where(rate => countries.Contains(rate.Country) || organisations.Any(organisation => organisation.Country == rate.Country)).ToListAsync(cancellationToken),
            billed is { } months ? await ExchangeAsync(db, organisations, months, cancellationToken) : ExchangeRateBook.Empty);
    }

    private static async Task<ExchangeRateBook> ExchangeAsync(IBillingDb db, IQueryable<Organisation> organisations, (BillingMonth First, BillingMonth Last) months, CancellationToken cancellationToken)
    {
        // Each month's last day in whatever zone, and by the zone that it began in.
        var (first, last) = (months.First.FirstDay, months.Last.Next.FirstDay);
        return new ExchangeRateBook(await db.ExchangeRates.AsNoTracking()
            .Where(rate => rate.EffectiveFrom <= last && (rate.EffectiveTo == null || rate.EffectiveTo > first) && organisations.Any(organisation => organisation.Currency == rate.TargetCurrency))
            .ToListAsync(cancellationToken));
    }

    /// <summary>The settings with the seller that is in force.</summary>
    public static async Task<PlatformSettings> SettingsInForceAsync(this IBillingDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var (settings, sellers) = await SettingsAsync(db, cancellationToken);
        var tables = new TaxTables(settings, sellers, Array.Empty<OrganisationTaxProfile>().ToLookup(profile => profile.OrganisationId), [], ExchangeRateBook.Empty);
        return settings with { Seller = tables.SellerOn(tables.DayOf(now)) };
    }

    // The settings come with every version of the seller, which are few; alone before there is one.
    private static async Task<(PlatformSettings Settings, IReadOnlyList<SellerTaxProfile> Sellers)> SettingsAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        var rows = await db.SellerTaxProfiles.AsNoTracking()
            .Select(seller => new { Seller = seller, Value = db.Settings.Where(setting => setting.Key == PlatformSettings.Key).Select(setting => setting.Value).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        return rows.Count == 0 ? (await db.PlatformSettingsAsync(cancellationToken), []) : (SettingsStore.Read(rows[0].Value), [.. rows.Select(row => row.Seller)]);
    }
}
