using Microsoft.AspNetCore.Components;

namespace Portal.Components.Shared.Tables;

/// <summary>A filter that only a link sets, such as <c>?run=</c> from the page of a billing run: it has a chip, and nothing to choose from.</summary>
public sealed class FilterChip : ComponentBase, IDisposable
{
    private Filter? _filter;

    /// <summary>Its name in the address, after the table's prefix.</summary>
    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>What the chip says of a value; null for a value that filters nothing.</summary>
    [Parameter, EditorRequired]
    public required Func<string, string?> Says { get; set; }

    [CascadingParameter]
    private FilterSet? Filters { get; set; }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_filter is not null)
            Filters?.Remove(_filter);
    }

    /// <inheritdoc />
    protected override void OnInitialized() => Filters?.Add(_filter = new Filter(Name, value => Says(value)));
}
