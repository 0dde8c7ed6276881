using Portal.Core.Kernel;

namespace Portal.Components.Shared.Tables;

/// <summary>What a <see cref="DataTable{TItem}"/> asks its page for.</summary>
/// <param name="List">Rows, search and sort, as every list action takes them.</param>
/// <param name="Filters">What the filters above the table are set to, by name; what is not set is not there.</param>
public sealed record TableRequest(ListRequest List, IReadOnlyDictionary<string, string> Filters)
{
    /// <summary>A filter's value, or null.</summary>
    public string? Filter(string name) => Filters.TryGetValue(name, out var value) ? value : null;
}
