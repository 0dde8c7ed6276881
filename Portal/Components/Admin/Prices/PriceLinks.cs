using System.Globalization;

namespace Portal.Components.Admin.Prices;

/// <summary>Ways to the page that makes a price.</summary>
public static class PriceLinks
{
    /// <summary>A new price with what is known filled in.</summary>
    public static string New(string metric, string unit, DateOnly firstDay, Guid? organisation = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"/admin/prices/new?metric={Uri.EscapeDataString(metric)}&unit={Uri.EscapeDataString(unit)}&day={firstDay:yyyy-MM-dd}{(organisation is { } id ? $"&organisation={id}" : "")}");
}
