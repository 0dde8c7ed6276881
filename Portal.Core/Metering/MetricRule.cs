namespace Portal.Core.Metering;

/// <summary>How the events of a month become its quantity.</summary>
public enum MetricAggregation
{
    /// <summary>The sum of the values.</summary>
    Sum,

    /// <summary>How many events there are.</summary>
    Count,

    /// <summary>The largest value.</summary>
    Max,

    /// <summary>The value of the latest event, by its own time.</summary>
    Last,

    /// <summary>How many different values a property of the metadata has; events without it don't count.</summary>
    Unique,
}

/// <summary>How the month's total is rounded before it is rated; never event by event.</summary>
public enum QuantityRounding
{
    None,

    /// <summary>Away from zero.</summary>
    Up,

    /// <summary>Towards zero.</summary>
    Down,

    /// <summary>To the nearest, half away from zero.</summary>
    Nearest,
}

/// <summary>How a metric is measured over a month.</summary>
/// <param name="Aggregation">How events become a quantity.</param>
/// <param name="Property">The property of the metadata whose values are counted; for <see cref="MetricAggregation.Unique"/>.</param>
/// <param name="Rounding">How the total is rounded.</param>
/// <param name="Decimals">To how many decimals, 0 to 12.</param>
public sealed record MetricRule(MetricAggregation Aggregation = MetricAggregation.Sum, string? Property = null, QuantityRounding Rounding = QuantityRounding.None, int Decimals = 0)
{
    /// <summary>How every metric is measured that nobody has defined.</summary>
    public static MetricRule Plain { get; } = new();

    /// <summary>True where the sums and counts that are kept with the events don't say it: the events themselves are asked.</summary>
    public bool NeedsEvents => Aggregation is MetricAggregation.Max or MetricAggregation.Last or MetricAggregation.Unique;

    /// <summary>The quantity that is rated.</summary>
    public decimal Round(decimal measured)
    {
        if (Rounding == QuantityRounding.None)
            return measured;
        return Math.Round(measured, Decimals, Rounding switch
        {
            QuantityRounding.Up => measured < 0 ? MidpointRounding.ToNegativeInfinity : MidpointRounding.ToPositiveInfinity,
            QuantityRounding.Down => MidpointRounding.ToZero,
            _ => MidpointRounding.AwayFromZero,
        });
    }
}
