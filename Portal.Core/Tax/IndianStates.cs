using System.Collections.Frozen;

namespace Portal.Core.Tax;

/// <summary>The states and union territories of India by the codes that GST numbers begin with (GST portal, list of state codes).</summary>
public static class IndianStates
{
    private static readonly FrozenDictionary<string, string> s_names = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["01"] = "Jammu and Kashmir",
        ["02"] = "Himachal Pradesh",
        ["03"] = "Punjab",
        ["04"] = "Chandigarh",
        ["05"] = "Uttarakhand",
        ["06"] = "Haryana",
        ["07"] = "Delhi",
        ["08"] = "Rajasthan",
        ["09"] = "Uttar Pradesh",
        ["10"] = "Bihar",
        ["11"] = "Sikkim",
        ["12"] = "Arunachal Pradesh",
        ["13"] = "Nagaland",
        ["14"] = "Manipur",
        ["15"] = "Mizoram",
        ["16"] = "Tripura",
        ["17"] = "Meghalaya",
        ["18"] = "Assam",
        ["19"] = "West Bengal",
        ["20"] = "Jharkhand",
        ["21"] = "Odisha",
        ["22"] = "Chhattisgarh",
        ["23"] = "Madhya Pradesh",
        ["24"] = "Gujarat",
        ["26"] = "Dadra and Nagar Haveli and Daman and Diu",
        ["27"] = "Maharashtra",
        ["29"] = "Karnataka",
        ["30"] = "Goa",
        ["31"] = "Lakshadweep",
        ["32"] = "Kerala",
        ["33"] = "Tamil Nadu",
        ["34"] = "Puducherry",
        ["35"] = "Andaman and Nicobar Islands",
        ["36"] = "Telangana",
        ["37"] = "Andhra Pradesh",
        ["38"] = "Ladakh",
        ["97"] = "Other Territory",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Union territories that have no legislature of their own (UTGST Act 2017, section 2(8)).
    private static readonly FrozenSet<string> s_withoutLegislature = FrozenSet.ToFrozenSet(["04", "26", "31", "35", "38", "97"], StringComparer.Ordinal);

    /// <summary>What documents print as the place of supply when the customer is abroad.</summary>
    public const string OtherCountries = "96";

    /// <summary>Every code with its name, in order of the codes.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> All { get; } = [.. s_names.OrderBy(state => state.Key, StringComparer.Ordinal)];

    /// <summary>True where the second half of the tax is UTGST rather than SGST.</summary>
    public static bool HasUnionTerritoryTax(string code) => s_withoutLegislature.Contains(code);

    /// <summary>As documents print it, e.g. <c>Karnataka (29)</c>; null for a code that is not known.</summary>
    public static string? Print(string? code) => code == OtherCountries ? "Other countries (96)" : code is not null && s_names.TryGetValue(code, out var name) ? $"{name} ({code})" : null;
}
