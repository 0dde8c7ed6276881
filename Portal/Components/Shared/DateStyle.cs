namespace Portal.Components.Shared;

/// <summary>How much of an instant is shown. Whatever is shown, the tooltip has it to the minute with the zone named.</summary>
public enum DateStyle
{
    /// <summary><c>21 Nov 2026, 2:05 pm (Asia/Kolkata)</c>: for facts.</summary>
    Minute,

    /// <summary><c>21 Nov 2026</c>: for columns.</summary>
    Day,

    /// <summary><c>5 minutes ago</c>, the day when it is longer ago: for what has just happened.</summary>
    Relative,
}
