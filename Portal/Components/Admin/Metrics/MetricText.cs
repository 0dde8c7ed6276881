using Portal.Components.Shared;
using Portal.Core.Metering;

namespace Portal.Components.Admin.Metrics;

/// <summary>The measures of metrics in words.</summary>
public static class MetricText
{
    /// <summary>E.g. <c>Distinct values of user_id, rounded up</c>.</summary>
    public static string Of(MetricRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var places = rule.Decimals == 0 ? "" : $" to {Words.Count(rule.Decimals, "decimal", "decimals")}";
        return Aggregation(rule) + rule.Rounding switch
        {
            QuantityRounding.None => "",
            QuantityRounding.Up => $", rounded up{places}",
            QuantityRounding.Down => $", rounded down{places}",
            QuantityRounding.Nearest => $", rounded{places}",
        };
    }

    /// <summary>What an aggregation counts, for who chooses one.</summary>
    public static string Explain(MetricAggregation aggregation) => aggregation switch
    {
        MetricAggregation.Sum => "Adds up the month's values.",
        MetricAggregation.Count => "Counts events; their values are ignored.",
        MetricAggregation.Max => "The month's largest value, such as peak seats.",
        MetricAggregation.Last => "The value of the month's latest event, such as storage at month end.",
        MetricAggregation.Unique => "Counts distinct values of a metadata property, such as active users.",
    };

    /// <summary>The choices of an aggregation.</summary>
    public static IReadOnlyList<(string Value, string Text)> Aggregations { get; } =
        [("sum", "Sum of values"), ("count", "Number of events"), ("max", "Largest value"), ("last", "Latest value"), ("unique", "Distinct values of a property")];

    /// <summary>The choices of a rounding.</summary>
    public static IReadOnlyList<(string Value, string Text)> Roundings { get; } =
        [("none", "Not rounded"), ("up", "Up"), ("down", "Down"), ("nearest", "To the nearest, half up")];

    private static string Aggregation(MetricRule rule) => rule.Aggregation switch
    {
        MetricAggregation.Sum => "Sum of values",
        MetricAggregation.Count => "Number of events",
        MetricAggregation.Max => "Largest value",
        MetricAggregation.Last => "Latest value",
        MetricAggregation.Unique => $"Distinct values of {rule.Property}",
    };
}
