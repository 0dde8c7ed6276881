namespace Portal.Components.Shared.Charts;

/// <summary>A place on the axis below a chart.</summary>
/// <param name="Label">Short, below the column.</param>
/// <param name="Title">In full, in the table and in the tooltip.</param>
/// <param name="Href">Where it leads: the rows behind it.</param>
public sealed record ChartSlot(string Label, string Title, string? Href = null);

/// <summary>One colour of a chart: a value for each slot.</summary>
/// <param name="Name">As the legend says it.</param>
/// <param name="Values">In the order of the slots.</param>
/// <param name="Hrefs">Where each value leads, when it is another place than its slot's.</param>
public sealed record SlotSeries(string Name, IReadOnlyList<decimal> Values, IReadOnlyList<string>? Hrefs = null);
