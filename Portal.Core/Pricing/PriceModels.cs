namespace Portal.Core.Pricing;

/// <summary>The names that models go by outside.</summary>
public static class PriceModels
{
    /// <summary>E.g. <c>graduated</c>.</summary>
    public static string Name(PriceModel model) => model switch
    {
        PriceModel.Standard => "standard",
        PriceModel.Graduated => "graduated",
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
}
