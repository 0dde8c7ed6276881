namespace Portal.Core.Metering;

/// <summary>What is counted, in which unit. Metrics that arrive undefined enter the catalogue by themselves, summed.</summary>
public sealed class Metric
{
    private Metric() { }

    public Guid Id { get; private set; }

    /// <summary>1 to 100 of letters, digits and <c>_ . : -</c>; unique with <see cref="Unit"/>.</summary>
    public string Name { get; private set; } = "";

    /// <summary>1 to 50 characters.</summary>
    public string Unit { get; private set; } = "";

    public string? Description { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public static Metric Create(string name, string unit, string? description, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), Name = name, Unit = unit, Description = description, CreatedAt = now };

    /// <summary>Says what it is in other words; nothing is billed by them.</summary>
    public void Describe(string? description) => Description = description;
}

/// <summary>How a metric is measured from a month on, until the next version. Months before the first are summed. Kept by name, as events are.</summary>
public sealed class MetricVersion
{
    private MetricVersion() { }

    public string MetricName { get; private set; } = "";

    public string Unit { get; private set; } = "";

    /// <summary>As <see cref="BillingMonth.Index"/>.</summary>
    public int FromMonth { get; private set; }

    public MetricAggregation Aggregation { get; private set; }

    /// <summary>For <see cref="MetricAggregation.Unique"/>.</summary>
    public string? Property { get; private set; }

    public QuantityRounding Rounding { get; private set; }

    /// <summary>0 to 12.</summary>
    public int Decimals { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public MetricRule Rule => new(Aggregation, Property, Rounding, Decimals);

    public static MetricVersion Create(string metricName, string unit, BillingMonth from, MetricRule rule, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new MetricVersion
        {
            MetricName = metricName,
            Unit = unit,
            FromMonth = from.Index,
            Aggregation = rule.Aggregation,
            Property = rule.Property,
            Rounding = rule.Rounding,
            Decimals = rule.Decimals,
            CreatedAt = now,
        };
    }
}
