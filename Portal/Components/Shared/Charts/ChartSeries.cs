namespace Portal.Components.Shared.Charts;

/// <summary>One value of a day.</summary>
public sealed record DayValue(DateOnly Day, decimal Value);

/// <summary>One colour of a chart.</summary>
/// <param name="Name">As the legend says it.</param>
/// <param name="Values">One per day, each series with the same days.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<DayValue> Values);
