namespace Portal.Core.Tax;

/// <summary>Something that is in force from one day until before another.</summary>
public interface IInForce
{
    /// <summary>First day in force.</summary>
    DateOnly EffectiveFrom { get; }

    /// <summary>First day no longer in force; null while open.</summary>
    DateOnly? EffectiveTo { get; }
}

/// <summary>Finds what is in force on a day.</summary>
public static class Validity
{
    public static bool IsInForce(this IInForce row, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.EffectiveFrom <= day && (row.EffectiveTo is null || row.EffectiveTo > day);
    }

    /// <summary>The version of a day. Before the first one, the first one holds: nothing else was ever said.</summary>
    public static T? VersionOn<T>(this IEnumerable<T> versions, DateOnly day)
        where T : class, IInForce
    {
        ArgumentNullException.ThrowIfNull(versions);
        T? found = null;
        T? first = null;
        foreach (var version in versions)
        {
            if (first is null || version.EffectiveFrom < first.EffectiveFrom)
                first = version;
            if (version.EffectiveFrom <= day && (found is null || version.EffectiveFrom > found.EffectiveFrom))
                found = version;
        }

        return found ?? first;
    }
}
