using Portal.Core.Settings;

namespace Portal.Core.Tax;

/// <summary>How a supply is taxed.</summary>
public enum SupplyKind
{
    /// <summary>By the rates of the customer's country or region, or by a rate of its own.</summary>
    Domestic,

    /// <summary>India, seller and place of supply in one state: two equal halves, CGST and SGST or UTGST.</summary>
    IntraState,

    /// <summary>India, another state: IGST.</summary>
    InterState,

    /// <summary>India, a special economic zone: IGST wherever it lies.</summary>
    SpecialEconomicZone,

    /// <summary>From India to abroad: zero-rated under a letter of undertaking.</summary>
    Export,

    /// <summary>The customer is exempt, for a reason.</summary>
    Exempt,

    /// <summary>The customer accounts for the tax.</summary>
    ReverseCharge,

    /// <summary>The seller is not registered, so it charges none.</summary>
    NotRegistered,
}

/// <summary>What the place of supply was taken from (IGST Act, section 12(2)).</summary>
public enum PlaceOfSupplySource
{
    /// <summary>The first two digits of the customer's GSTIN.</summary>
    Registration,

    /// <summary>The state of the address on record.</summary>
    Address,

    /// <summary>Neither is known: the seller's own state.</summary>
    Seller,

    /// <summary>The customer is abroad.</summary>
    Abroad,
}

/// <summary>How an invoice is taxed, and why; kept with it.</summary>
public sealed record TaxTreatment
{
    public required SupplyKind Kind { get; init; }

    /// <summary>The day whose profiles and rates hold.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>India: the state's code, or 96 for other countries. Null elsewhere.</summary>
    public string? PlaceOfSupply { get; init; }

    /// <summary>What it was taken from.</summary>
    public PlaceOfSupplySource? PlaceSource { get; init; }

    /// <summary>What the law wants on the document.</summary>
    public string? Note { get; init; }

    /// <summary>True when the tax of this seller is GST of India.</summary>
    public bool IsGst { get; init; }

    /// <summary>Per cent, in place of the tables'; null: these decide.</summary>
    public decimal? OwnRate { get; init; }

    /// <summary>What the own rate is called.</summary>
    public string? OwnLabel { get; init; }

    /// <summary>Whose rates hold.</summary>
    public required string Country { get; init; }

    /// <summary>Whose rates hold, before the country's.</summary>
    public string? Region { get; init; }

    /// <summary>True where lines bear tax.</summary>
    public bool IsTaxed => Kind is SupplyKind.Domestic or SupplyKind.IntraState or SupplyKind.InterState or SupplyKind.SpecialEconomicZone;

    /// <summary>How the seller's supplies to the customer are taxed on a day.</summary>
    public static TaxTreatment Decide(SellerProfile seller, CustomerTaxFacts customer, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(seller);
        ArgumentNullException.ThrowIfNull(customer);
        var gst = seller.Country == "IN" && seller.TaxId is { Length: > 0 };
        var treatment = new TaxTreatment
        {
            Kind = SupplyKind.Domestic,
            Day = day,
            IsGst = gst,
            OwnRate = customer.OwnRate,
            OwnLabel = customer.OwnLabel,
            Country = gst ? "IN" : customer.Country,
            Region = customer.StateCode,
        };
        if (gst)
            treatment = InIndia(treatment, seller, customer);
        else if (seller.Country == "IN" && customer.OwnRate is null)
            treatment = treatment with { Kind = SupplyKind.NotRegistered };
        if (customer.ExemptionReason is { Length: > 0 } reason)
            return treatment with { Kind = SupplyKind.Exempt, Note = $"No tax is charged: {reason}" };
        return customer.IsReverseCharge && treatment.Kind is not (SupplyKind.Export or SupplyKind.NotRegistered)
            ? treatment with { Kind = SupplyKind.ReverseCharge, Note = "Tax is payable by the recipient under reverse charge." }
            : treatment;
    }

    private static TaxTreatment InIndia(TaxTreatment treatment, SellerProfile seller, CustomerTaxFacts customer)
    {
        if (customer.Country != "IN")
        {
            return treatment with
            {
                Kind = SupplyKind.Export,
                PlaceOfSupply = IndianStates.OtherCountries,
                PlaceSource = PlaceOfSupplySource.Abroad,
                Note = LutNote(seller, treatment.Day),
            };
        }

        var home = StateOf(seller);
        var (place, source) = PlaceOf(customer) ?? (home, PlaceOfSupplySource.Seller);
        return treatment with
        {
            Kind = customer.IsSez ? SupplyKind.SpecialEconomicZone : place == home ? SupplyKind.IntraState : SupplyKind.InterState,
            PlaceOfSupply = place,
            PlaceSource = source,
            Region = place,
        };
    }

    /// <summary>The state that a seller in India supplies from: its GSTIN's, else its address's.</summary>
    public static string? StateOf(SellerProfile seller)
    {
        ArgumentNullException.ThrowIfNull(seller);
        return Gstin.TryParse(seller.TaxId)?.StateCode ?? seller.StateCode;
    }

    private static (string? Place, PlaceOfSupplySource Source)? PlaceOf(CustomerTaxFacts customer)
    {
        if (Gstin.TryParse(customer.TaxId)?.StateCode is { } registered)
            return (registered, PlaceOfSupplySource.Registration);
        return IndianStates.Print(customer.StateCode) is not null ? (customer.StateCode, PlaceOfSupplySource.Address) : null;
    }

    // Rule 96A: the words may only stand on an invoice while an undertaking is in force.
    private static string? LutNote(SellerProfile seller, DateOnly day) => HasLut(seller, day)
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Supply meant for export under LUT without payment of integrated tax. LUT {seller.LutNumber}, in force {seller.LutValidFrom:yyyy-MM-dd} to {seller.LutValidTo:yyyy-MM-dd}.")
        : null;

    /// <summary>True when the seller's letter of undertaking is in force on a day, its last day included.</summary>
    public static bool HasLut(SellerProfile seller, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(seller);
        return seller is { LutNumber.Length: > 0, LutValidFrom: { } from, LutValidTo: { } to } && from <= day && day <= to;
    }
}
