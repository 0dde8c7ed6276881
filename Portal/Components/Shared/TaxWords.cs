using Portal.Core.Tax;

namespace Portal.Components.Shared;

/// <summary>Tax in people's words.</summary>
public static class TaxWords
{
    public static string Of(SupplyKind kind) => kind switch
    {
        SupplyKind.Domestic => "Local rate of the country or region",
        SupplyKind.IntraState => "Intra-state: CGST and SGST",
        SupplyKind.InterState => "Inter-state: IGST",
        SupplyKind.SpecialEconomicZone => "Special economic zone: IGST",
        SupplyKind.Export => "Export: zero-rated under a letter of undertaking",
        SupplyKind.Exempt => "Exempt",
        SupplyKind.ReverseCharge => "Reverse charge: the customer accounts for the tax",
        SupplyKind.NotRegistered => "No tax: the seller is not registered",
    };

    public static string Of(PlaceOfSupplySource source) => source switch
    {
        PlaceOfSupplySource.Registration => "from the GSTIN",
        PlaceOfSupplySource.Address => "from the address",
        PlaceOfSupplySource.Seller => "the seller's, since no state is known",
        PlaceOfSupplySource.Abroad => "customer abroad",
    };
}
