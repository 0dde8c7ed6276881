using System.Globalization;

namespace Portal.Components.Shared;

/// <summary>What forms offer to choose from: countries, states, time zones.</summary>
public static class Places
{
    /// <summary>ISO 3166-1 countries by English name.</summary>
    public static IReadOnlyList<(string Value, string Text)> Countries { get; } =
    [
        .. CultureInfo.GetCultures(CultureTypes.SpecificCultures)
            .Select(culture => new RegionInfo(culture.Name))
            .Where(region => region.TwoLetterISORegionName is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'])
            .DistinctBy(region => region.TwoLetterISORegionName, StringComparer.Ordinal)
            .Select(region => (region.TwoLetterISORegionName, region.EnglishName))
            .OrderBy(country => country.EnglishName, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>India's states and union territories with the codes of the GST law, as GSTINs begin with them.</summary>
    public static IReadOnlyList<(string Value, string Text)> IndianStates { get; } =
    [
        .. new (string Code, string Name)[]
        {
            ("01", "Jammu and Kashmir"), ("02", "Himachal Pradesh"), ("03", "Punjab"), ("04", "Chandigarh"), ("05", "Uttarakhand"), ("06", "Haryana"), ("07", "Delhi"),
            ("08", "Rajasthan"), ("09", "Uttar Pradesh"), ("10", "Bihar"), ("11", "Sikkim"), ("12", "Arunachal Pradesh"), ("13", "Nagaland"), ("14", "Manipur"),
            ("15", "Mizoram"), ("16", "Tripura"), ("17", "Meghalaya"), ("18", "Assam"), ("19", "West Bengal"), ("20", "Jharkhand"), ("21", "Odisha"), ("22", "Chhattisgarh"),
            ("23", "Madhya Pradesh"), ("24", "Gujarat"), ("26", "Dadra and Nagar Haveli and Daman and Diu"), ("27", "Maharashtra"), ("29", "Karnataka"), ("30", "Goa"),
            ("31", "Lakshadweep"), ("32", "Kerala"), ("33", "Tamil Nadu"), ("34", "Puducherry"), ("35", "Andaman and Nicobar Islands"), ("36", "Telangana"),
            ("37", "Andhra Pradesh"), ("38", "Ladakh"), ("97", "Other territory"),
        }.Select(state => (state.Code, $"{state.Name} ({state.Code})")).OrderBy(state => state.Item2, StringComparer.Ordinal),
    ];

    /// <summary>IANA zones of places.</summary>
    public static IReadOnlyList<(string Value, string Text)> TimeZones { get; } =
    [
        .. TimeZoneInfo.GetSystemTimeZones()
            .Select(zone => zone.Id)
            .Where(id => id == "UTC" || (id.Contains('/', StringComparison.Ordinal) && char.IsUpper(id[0]) && !id.StartsWith("Etc/", StringComparison.Ordinal) && !id.StartsWith("SystemV/", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(id => (id, id.Replace('_', ' '))),
    ];

    /// <summary>The name of a country, or its code when it is not known.</summary>
    public static string CountryName(string code) => Countries.FirstOrDefault(country => country.Value == code).Text ?? code;

    /// <summary>The name of a state, or what is stored when it is not one of India's.</summary>
    public static string StateName(string country, string code) => country == "IN" ? IndianStates.FirstOrDefault(state => state.Value == code).Text ?? code : code;
}
