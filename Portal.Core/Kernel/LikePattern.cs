namespace Portal.Core.Kernel;

/// <summary>Search text as a LIKE pattern, with <c>\</c> as the escape.</summary>
public static class LikePattern
{
    /// <summary>Matches what contains the text; compare with a lower-cased column.</summary>
    public static string Containing(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
#pragma warning disable CA1308 // Compared with lower() of the column.
        var escaped = text.Trim().ToLowerInvariant();
#pragma warning restore CA1308
        escaped = escaped.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
        return $"%{escaped}%";
    }
}
