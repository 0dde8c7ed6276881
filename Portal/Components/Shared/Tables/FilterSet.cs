namespace Portal.Components.Shared.Tables;

/// <summary>A filter of a list, as far as its chip is concerned.</summary>
/// <param name="Name">Its name in the address, after the table's prefix.</param>
/// <param name="Says">What it says of a value, such as <c>Status: Paid</c>; null for a value that filters nothing.</param>
public sealed record Filter(string Name, Func<string, string?> Says);

/// <summary>The filters of a list, wherever they stand. The furniture shows those that are set, also where what sets them is folded away.</summary>
public sealed class FilterSet
{
    private readonly List<Filter> _filters = [];

    internal event EventHandler? Changed;

    internal IReadOnlyList<Filter> All => _filters;

    internal void Add(Filter filter)
    {
        _filters.Add(filter);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    internal void Remove(Filter filter)
    {
        _filters.Remove(filter);
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
