namespace Portal.Core.Settings;

/// <summary>One group of the platform's settings, as JSON.</summary>
public sealed class Setting
{
    private Setting() { }

    /// <summary>E.g. <c>platform</c>.</summary>
    public string Key { get; private set; } = "";

    /// <summary>JSON of the group.</summary>
    public string Value { get; private set; } = "{}";

    public DateTimeOffset UpdatedAt { get; private set; }

    public static Setting Create(string key, string value, DateTimeOffset now) => new() { Key = key, Value = value, UpdatedAt = now };

    public void Change(string value, DateTimeOffset now) => (Value, UpdatedAt) = (value, now);
}
