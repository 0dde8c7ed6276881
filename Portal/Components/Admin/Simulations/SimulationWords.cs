using Portal.Core.Currencies;
using Portal.Core.Simulations;

namespace Portal.Components.Admin.Simulations;

/// <summary>Simulations in words.</summary>
public static class SimulationWords
{
    /// <summary>The bands in order, as the list filters them.</summary>
    public static IReadOnlyList<(SimulationBand Band, string Key, string Text)> Bands { get; } =
    [
        (SimulationBand.MuchLess, "down_over_50", "More than 50% less"),
        (SimulationBand.Less, "down_20_50", "20% to 50% less"),
        (SimulationBand.LittleLess, "down_to_20", "Up to 20% less"),
        (SimulationBand.Same, "same", "The same"),
        (SimulationBand.LittleMore, "up_to_20", "Up to 20% more"),
        (SimulationBand.More, "up_20_50", "20% to 50% more"),
        (SimulationBand.MuchMore, "up_over_50", "More than 50% more"),
    ];

    /// <summary><c>August 2026 to October 2026</c>.</summary>
    public static string Months(SimulationDetails simulation, string locale)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        var last = DateFormat.Month(simulation.Last.Year, simulation.Last.Month, locale);
        return simulation.Months == 1 ? last : $"{DateFormat.Month(simulation.First.Year, simulation.First.Month, locale)} to {last}";
    }

    /// <summary><c>+12.5%</c>, <c>−3%</c>; from nothing, <c>new</c>.</summary>
    public static string Percent(decimal difference, decimal? percent, string locale) =>
        difference == 0 ? MoneyFormat.Percent(0, locale)
        : percent is not { } share ? "new"
        : $"{(share > 0 ? "+" : share < 0 ? "−" : "")}{MoneyFormat.Percent(Math.Abs(Math.Round(share, 1, MidpointRounding.AwayFromZero)), locale)}";
}
