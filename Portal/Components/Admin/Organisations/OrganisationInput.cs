using Portal.Core.Organisations;
using Portal.Core.Settings;

namespace Portal.Components.Admin.Organisations;

/// <summary>What staff type about an organisation.</summary>
public sealed class OrganisationInput
{
    public string? Name { get; set; }

    public string? BillingEmail { get; set; }

    public string? Currency { get; set; }

    public string? TimeZone { get; set; }

    public string? Country { get; set; }

    public string? Locale { get; set; }

    public string? StateCode { get; set; }

    public string? TaxId { get; set; }

    public string? Address { get; set; }

    public decimal? PaymentTermsDays { get; set; }

    /// <summary>What a new organisation begins with.</summary>
    public static OrganisationInput New(PlatformSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new OrganisationInput
        {
            Currency = settings.Defaults.Currency,
            TimeZone = settings.TimeZone,
            Country = settings.Defaults.Country,
            Locale = settings.Defaults.Locale,
            PaymentTermsDays = settings.Defaults.PaymentTermsDays,
        };
    }

    public static OrganisationInput Of(Organisation organisation)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        return new OrganisationInput
        {
            Name = organisation.Name,
            BillingEmail = organisation.BillingEmail,
            Currency = organisation.Currency,
            TimeZone = organisation.NextTimeZone ?? organisation.TimeZone,
            Country = organisation.Country,
            Locale = organisation.Locale,
            StateCode = organisation.StateCode,
            TaxId = organisation.TaxId,
            Address = organisation.Address,
            PaymentTermsDays = organisation.PaymentTermsDays,
        };
    }

    public OrganisationProfile ToProfile() => new()
    {
        Name = Name ?? "",
        BillingEmail = BillingEmail ?? "",
        Currency = Currency ?? "",
        TimeZone = TimeZone ?? "",
        Country = Country ?? "",
        Locale = Locale ?? "",
        StateCode = StateCode,
        TaxId = TaxId,
        Address = Address,
        PaymentTermsDays = Days,
    };

    /// <summary>Everything, so that what was emptied goes.</summary>
    public OrganisationChanges ToChanges() => new()
    {
        Name = Name ?? "",
        BillingEmail = BillingEmail ?? "",
        Currency = Currency ?? "",
        TimeZone = TimeZone ?? "",
        Country = Country ?? "",
        Locale = Locale ?? "",
        StateCode = StateCode ?? "",
        TaxId = TaxId ?? "",
        Address = Address ?? "",
        PaymentTermsDays = Days,
    };

    // Nothing, and what no number of days can be, is refused by the rules.
    private int Days => PaymentTermsDays is { } days && days is >= int.MinValue and <= int.MaxValue ? (int)days : -1;
}
