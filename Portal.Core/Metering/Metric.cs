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
}
