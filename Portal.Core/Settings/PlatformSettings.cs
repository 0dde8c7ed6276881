namespace Portal.Core.Settings;

/// <summary>Who sells: printed on every document. An issued invoice carries a copy.</summary>
public sealed record SellerProfile
{
    public string LegalName { get; init; } = "";

    /// <summary>Postal address, one line per row.</summary>
    public string Address { get; init; } = "";

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string Country { get; init; } = "IN";

    /// <summary>For India the two-digit GST state code.</summary>
    public string? StateCode { get; init; }

    public string? TaxId { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    /// <summary>India: the letter of undertaking under which exports are zero-rated.</summary>
    public string? LutNumber { get; init; }

    public DateOnly? LutValidFrom { get; init; }

    /// <summary>Its last day.</summary>
    public DateOnly? LutValidTo { get; init; }
}

/// <summary>What a new organisation begins with, unless staff choose otherwise; changes nothing for those that are there.</summary>
public sealed record OrganisationDefaults
{
    /// <summary>ISO 4217 code.</summary>
    public string Currency { get; init; } = "INR";

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string Country { get; init; } = "IN";

    /// <summary>BCP 47 tag for numbers and dates on documents.</summary>
    public string Locale { get; init; } = "en-IN";

    /// <summary>Days from issue until an invoice is due, 0 to 365.</summary>
    public int PaymentTermsDays { get; init; } = 15;
}

/// <summary>How the platform bills; edited by staff.</summary>
public sealed record PlatformSettings
{
    /// <summary>The key that these settings are stored by.</summary>
    public const string Key = "platform";

    public SellerProfile Seller { get; init; } = new();

    /// <summary>IANA zone of the seller: decides the financial year of a number, and is the default of new organisations.</summary>
    public string TimeZone { get; init; } = "Asia/Kolkata";

    /// <summary>Month in which the seller's financial year begins, 1 to 12.</summary>
    public int FinancialYearStart { get; init; } = 4;

    /// <summary>Starts every invoice number, e.g. <c>INV</c> in <c>INV/26-27/000123</c>.</summary>
    public string InvoiceSeries { get; init; } = "INV";

    /// <summary>Starts the number of every receipt voucher for prepaid credits; another one than <see cref="InvoiceSeries"/>.</summary>
    public string ReceiptVoucherSeries { get; init; } = "RV";

    /// <summary>True: a billing run issues what it makes; false: drafts wait for review.</summary>
    public bool AutoIssue { get; init; }

    /// <summary>What a new organisation begins with.</summary>
    public OrganisationDefaults Defaults { get; init; } = new();

    /// <summary>Printed below the totals: how to pay by bank.</summary>
    public string PaymentInstructions { get; init; } = "";
}
