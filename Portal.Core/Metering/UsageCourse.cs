namespace Portal.Core.Metering;

/// <summary>What a chart of usage is cut by.</summary>
public enum UsageBy
{
    Metric,
    Project,

    /// <summary>The API key that sent it.</summary>
    Key,
}

/// <summary>What usage is compared with.</summary>
public enum UsageAgainst
{
    /// <summary>The month before; for a day the same weekday a week before.</summary>
    Usual,

    /// <summary>For a day the day before; for a month the month before.</summary>
    Before,

    /// <summary>The same month a year before; for a day the same date.</summary>
    Year,

    Nothing,
}

/// <summary>A day of a month, or an hour of a day.</summary>
/// <param name="Day">The day of the organisation's zone.</param>
/// <param name="Start">When it begins.</param>
/// <param name="Hour">What the clock on the wall says then; null for a whole day.</param>
public sealed record UsageSlot(DateOnly Day, DateTimeOffset Start, TimeOnly? Hour);

/// <summary>Usage in a slot.</summary>
/// <param name="Slot">The slot's position; of the other period, the same position.</param>
/// <param name="Name">A metric, or a project or key by its name.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Quantity">The sum.</param>
public sealed record UsageSlotSum(int Slot, string Name, string Unit, decimal Quantity);

/// <summary>Usage slot by slot, beside another period.</summary>
/// <param name="Slots">Every one, also those without usage.</param>
/// <param name="Sums">Slots without usage have none.</param>
/// <param name="Before">The other period, laid over by position; slots beyond the end of this one are left out by who draws them.</param>
/// <param name="BeforeMonth">The month it is compared with, when it is one.</param>
/// <param name="BeforeDay">The day it is compared with, when it is one.</param>
public sealed record UsageCourse(IReadOnlyList<UsageSlot> Slots, IReadOnlyList<UsageSlotSum> Sums, IReadOnlyList<UsageSlotSum> Before, BillingMonth? BeforeMonth, DateOnly? BeforeDay);

/// <summary>What a project used of one unit in a month.</summary>
public sealed record UsageProjectTotal(Guid ProjectId, string Name, string Unit, decimal Quantity, long Events);

/// <summary>What an API key sent of one unit in a month.</summary>
/// <param name="ApiKeyId">The key; the empty id where it was not written down.</param>
/// <param name="Name">Its name and the public part that it is told by.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Quantity">The sum of the values, or of events where the metric counts these.</param>
/// <param name="Events">How many events.</param>
public sealed record UsageKeyTotal(Guid ApiKeyId, string Name, string Unit, decimal Quantity, long Events);
