namespace Portal.Core.Metering;

/// <summary>What only the database can do with events.</summary>
public static class UsageFunctions
{
    /// <summary>True when the metadata holds everything of <paramref name="part"/>, a JSON object, under the same names.</summary>
    public static bool Holds(string? metadata, string part) => throw new InvalidOperationException("This runs in the database.");
}
