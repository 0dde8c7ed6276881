namespace Portal.Core.Pricing;

/// <summary>The names that models go by outside, and what they have in common.</summary>
public static class PriceModels
{
    /// <summary>E.g. <c>graduated</c>.</summary>
    public static string Name(PriceModel model) => model switch
    {
        PriceModel.Standard => "standard",
        PriceModel.Graduated => "graduated",
        PriceModel.Volume => "volume",
        PriceModel.Package => "package",
        PriceModel.StairStep => "stair-step",
        PriceModel.Percentage => "percentage",
        PriceModel.GraduatedPercentage => "graduated-percentage",
    };

    /// <summary>The model of a name; false for one that is not known.</summary>
    public static bool TryOf(string? name, out PriceModel model)
    {
        foreach (var known in Enum.GetValues<PriceModel>())
        {
            if (string.Equals(Name(known), name, StringComparison.Ordinal))
            {
                model = known;
                return true;
            }
        }

        model = default;
        return false;
    }

    /// <summary>The quantity is cut by bounds: tiers, or the steps of a stair.</summary>
    public static bool HasTiers(PriceModel model) => model is PriceModel.Graduated or PriceModel.Volume or PriceModel.StairStep or PriceModel.GraduatedPercentage;

    /// <summary>The quantity is money, and a share of it is charged.</summary>
    public static bool IsPercentage(PriceModel model) => model is PriceModel.Percentage or PriceModel.GraduatedPercentage;
}
