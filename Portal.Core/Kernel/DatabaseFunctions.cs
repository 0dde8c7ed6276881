namespace Portal.Core.Kernel;

/// <summary>What only the database can work out, within a query.</summary>
public static class DatabaseFunctions
{
    /// <summary>
    /// How many of <paramref name="starts"/>, in ascending order, are not after <paramref name="instant"/>: 1 is the first span, 0 lies before it. Cheaper than a
    /// date in a zone, row by row, and cut by the very instants that days and months begin at.
    /// </summary>
    public static int SpanOf(DateTimeOffset instant, DateTimeOffset[] starts) => throw new InvalidOperationException("This runs in the database.");
}
