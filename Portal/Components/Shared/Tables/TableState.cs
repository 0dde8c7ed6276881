using Microsoft.AspNetCore.WebUtilities;
using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Portal.Components.Shared.Tables;

/// <summary>
/// What a list shows, as its address says: <c>?q=acme&amp;sort=name&amp;dir=desc&amp;page=2&amp;status=paid</c>. Several lists on one page each
/// put their own prefix before the names.
/// </summary>
public sealed record TableState
{
    public string? Search { get; init; }

    public string? Sort { get; init; }

    public bool Descending { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Everything else that the address says with the list's prefix.</summary>
    public IReadOnlyDictionary<string, string> Filters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Reads an address.</summary>
    public static TableState Read(string uri, string prefix)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(prefix);
        var question = uri.IndexOf('?', StringComparison.Ordinal);
        var state = new TableState();
        if (question < 0)
            return state;
        var filters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, values) in QueryHelpers.ParseQuery(uri[question..].Split('#')[0]))
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal) || (prefix.Length == 0 && key.Contains('.', StringComparison.Ordinal)) || values.ToString() is not { Length: > 0 } value)
                continue;
            var name = key[prefix.Length..];
            state = name switch
            {
                "q" => state with { Search = value.Length > 200 ? value[..200] : value },
                "sort" => state with { Sort = value },
                "dir" => state with { Descending = value == "desc" },
                "page" => state with { Page = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Math.Clamp(page, 1, 100_000) : 1 },
                _ => state,
            };
            if (name is not ("q" or "sort" or "dir" or "page"))
                filters[name] = value;
        }

        return state with { Filters = filters };
    }

    /// <summary>The current address with these values put in; null takes one out.</summary>
    public static string Write(NavigationManager navigation, string prefix, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        ArgumentNullException.ThrowIfNull(navigation);
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
            parameters[prefix + name] = value;
        return navigation.GetUriWithQueryParameters(parameters);
    }

    /// <summary>True when both ask for the same rows.</summary>
    public bool Asks(TableState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { Filters = other.Filters } == other && Filters.SequenceEqual(other.Filters);
    }
}
