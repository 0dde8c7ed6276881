using System.ComponentModel.DataAnnotations;

namespace Portal.Demo;

/// <summary>The section <c>Demo</c>; counts in Development only.</summary>
public sealed class DemoOptions
{
    public const string Section = "Demo";

    /// <summary>False: an empty database stays empty, and staff are led through the first set-up.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many customers.</summary>
    [Range(4, 40)]
    public int Organisations { get; set; } = 40;

    /// <summary>Months of usage, the running one included.</summary>
    [Range(3, 13)]
    public int Months { get; set; } = 13;

    /// <summary>By how much the portal's clock is ahead, as <c>10.00:00:00</c> for ten days: to see a month's end without waiting for it.</summary>
    public TimeSpan Ahead { get; set; }
}
