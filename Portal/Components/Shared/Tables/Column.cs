using Microsoft.AspNetCore.Components;

namespace Portal.Components.Shared.Tables;

/// <summary>Where a cell goes when the table folds on a narrow screen.</summary>
public enum Narrow
{
    /// <summary>Below the first line of the row, after its column's title.</summary>
    Fold,

    /// <summary>At the right of the first line: for a status or an amount.</summary>
    Beside,

    /// <summary>Nowhere: for what another column says too.</summary>
    Hidden,
}

/// <summary>A column of a <see cref="DataTable{TItem}"/>. The first one names the row and carries its link.</summary>
public sealed class Column<TItem> : ComponentBase
{
    [CascadingParameter]
    private DataTable<TItem> Table { get; set; } = default!;

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>True: the title is for those who listen only, as over a column of buttons.</summary>
    [Parameter]
    public bool TitleUnseen { get; set; }

    /// <summary>The name that the list sorts by; null when it can't.</summary>
    [Parameter]
    public string? Sort { get; set; }

    /// <summary>True for figures: set to the right.</summary>
    [Parameter]
    public bool End { get; set; }

    /// <summary>True: no wider than what is in it.</summary>
    [Parameter]
    public bool Fit { get; set; }

    [Parameter]
    public Narrow Narrow { get; set; }

    /// <summary>True for what says what it is, such as a status or a name: its title is left out where the row folds.</summary>
    [Parameter]
    public bool Plain { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment<TItem> ChildContent { get; set; }

    internal string HeadClass => $"{(End ? "end " : "")}{(Fit ? "fit" : "")}".Trim();

    internal string CellClass(bool first) => string.Join(' ', new[]
    {
        first ? "primary" : null,
        End ? "end" : null,
        Fit ? "fit" : null,
        first ? null : Narrow switch
        {
            Narrow.Fold => TitleUnseen ? "actions" : Plain ? "plain" : "fold",
            Narrow.Beside => "beside",
            Narrow.Hidden => "hidden-narrow",
        },
    }.Where(name => name is not null));

    protected override void OnInitialized() => Table.Add(this);
}
