using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Core.Kernel;

namespace Portal.Components.Shared.Tables;

public sealed partial class DataTable<TItem>
{
    private const int ColumnsFrom = 5;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly List<Column<TItem>> _columns = [];
    private readonly Dictionary<object, TItem> _chosen = [];
    private readonly FilterSet _filters = new();
    private readonly CancellationTokenSource _gone = new();
    private CancellationTokenSource? _asking;
    private TableState _state = new();
    private PagedList<TItem>? _page;
    private Failure? _failure;
    private bool _loading = true;
    private bool _stands;
    private string? _typed;
    private string? _shown;
    private int _typedCount;
    private int _box;
    private object? _loadedFor;
    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private Handoff Handoff { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    /// <summary>What the rows are; read out, and used in the states.</summary>
    [Parameter, EditorRequired]
    public required string Caption { get; set; }

    /// <summary>Asks for a page of rows. An exception is the page's.</summary>
    [Parameter, EditorRequired]
    public required Func<TableRequest, CancellationToken, Task<Result<PagedList<TItem>>>> Load { get; set; }

    /// <summary>Asked for once the page stands: for a list that comes after what the page is about. Where nothing is live, it never comes.</summary>
    [Parameter]
    public bool Late { get; set; }

    /// <summary>What the rows hang on besides the address, such as an id; another value loads again.</summary>
    [Parameter]
    public object? Key { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment Columns { get; set; }

    /// <summary>Where a row leads.</summary>
    [Parameter]
    public Func<TItem, string>? RowHref { get; set; }

    /// <summary>What tells rows apart, such as their id; the row itself when null.</summary>
    [Parameter]
    public Func<TItem, object>? RowKey { get; set; }

    /// <summary>Names what the search looks at; null for a list without one.</summary>
    [Parameter]
    public string? SearchLabel { get; set; }

    /// <summary>Rows from which a search is offered: a list of three needs none.</summary>
    [Parameter]
    public int SearchFrom { get; set; }

    /// <summary><see cref="FilterSelect"/>s and the like.</summary>
    [Parameter]
    public RenderFragment? Filters { get; set; }

    /// <summary>Filters that are seldom needed, behind a button; what is set of them shows as a chip.</summary>
    [Parameter]
    public RenderFragment? MoreFilters { get; set; }

    /// <summary>Buttons at the right above the table.</summary>
    [Parameter]
    public RenderFragment? Actions { get; set; }

    /// <summary>Where the list is had as CSV; it gets the search and the filters of this one.</summary>
    [Parameter]
    public string? Export { get; set; }

    /// <summary>When there is nothing at all: what belongs here, and the first step.</summary>
    [Parameter]
    public RenderFragment? Empty { get; set; }

    /// <summary>A <c>tfoot</c>.</summary>
    [Parameter]
    public RenderFragment? Foot { get; set; }

    /// <summary>Put before this list's names in the address; for a second list on a page.</summary>
    [Parameter]
    public string Prefix { get; set; } = "";

    /// <summary>Rows per page, 1 to 200.</summary>
    [Parameter]
    public int PageSize { get; set; } = 25;

    /// <summary>What can be done to several rows at once: buttons, given the rows that are chosen. Null: none can be chosen.</summary>
    [Parameter]
    public RenderFragment<IReadOnlyList<TItem>>? Bulk { get; set; }

    /// <summary>Whether a row can be chosen; every one can when null.</summary>
    [Parameter]
    public Func<TItem, bool>? Choosable { get; set; }

    /// <summary>A row's name, for those who listen; needed with <see cref="Bulk"/>.</summary>
    [Parameter]
    public Func<TItem, string>? RowName { get; set; }

    /// <summary>What a row is, one and many.</summary>
    [Parameter]
    public (string One, string Many) BulkNoun { get; set; } = ("row", "rows");

    /// <summary>What one must be allowed to choose rows; null when everybody may.</summary>
    [Parameter]
    public string? BulkPermission { get; set; }

    /// <summary>The rows that are chosen, in the order of the list.</summary>
    public IReadOnlyList<TItem> Chosen => _page is null ? [] : [.. _page.Items.Where(item => _chosen.ContainsKey(KeyOf(item)))];

    // The column that names the row and carries its link.
    private Column<TItem>? Names => _columns.FirstOrDefault();

    // A list of a few columns has none to spare.
    private bool OffersColumns => _columns.Count(column => !column.TitleUnseen) >= ColumnsFrom;

    private bool HasBar => ShowsSearch || Filters is not null || MoreFilters is not null || Actions is not null || Export is not null;

    private string ExportHref => QueryHelpers.AddQueryString(Export!, (IEnumerable<KeyValuePair<string, string?>>)[.. _state.Search is { } words ? [new("q", words)] : Array.Empty<KeyValuePair<string, string?>>(), .. _state.Filters.Select(filter => new KeyValuePair<string, string?>(filter.Key, filter.Value))]);

    private bool OffersChoice => Bulk is not null;

    private int ChoosableCount => _page?.Items.Count(IsChoosable) ?? 0;

    private bool ShowsSearch => SearchLabel is not null && (SearchFrom == 0 || IsNarrowed || _page?.Total >= SearchFrom);

    private bool IsNarrowed => _state.Search is not null || _state.Filters.Count > 0;

    private string Summary
    {
        get
        {
            if (_page is null)
                return "Loading";
            var first = ((_state.Page - 1) * PageSize) + 1;
            var last = first + _page.Items.Count - 1;
            return _page.Total is { } total
                ? string.Create(CultureInfo.InvariantCulture, $"{first:N0}–{last:N0} of {total:N0}")
                : string.Create(CultureInfo.InvariantCulture, $"{first:N0}–{last:N0}");
        }
    }

    /// <summary>Loads again; the rows stay until the answer is there. Does nothing once the list is off the page: who holds on to it need not know.</summary>
    public Task ReloadAsync() => _gone.IsCancellationRequested ? Task.CompletedTask : AskAsync();

    /// <summary>Lets go of all rows that were chosen.</summary>
    public void ChooseNone()
    {
        _chosen.Clear();
        StateHasChanged();
    }

    public void Dispose()
    {
        Navigation.LocationChanged -= Moved;
        _gone.Cancel();
        _asking?.Dispose();
        _gone.Dispose();
    }

    internal void Add(Column<TItem> column) => _columns.Add(column);

    protected override void OnInitialized() => Navigation.LocationChanged += Moved;

    protected override async Task OnParametersSetAsync()
    {
        var state = TableState.Read(Navigation.Uri, Prefix);
        if (_loadedFor is not null && Equals(_loadedFor, Wanted()) && state.Asks(_state))
            return;
        (_state, _loadedFor) = (state, Wanted());
        ShowSearch();
        if (Late && !_stands)
            return;
        if (Handoff.TryTake<Result<PagedList<TItem>>>(Ticket, out var handed))
        {
            Show(handed);
            return;
        }

        await AskAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _stands = true;
        if (Late)
            await AskAsync();
    }

    private string Ticket => $"{Load.Method.DeclaringType}.{Load.Method.Name} {Prefix} {Key}";

    private object Wanted() => Key ?? this;

    private void Moved(object? sender, LocationChangedEventArgs arguments) => _ = InvokeAsync(async () =>
    {
        var state = TableState.Read(arguments.Location, Prefix);
        if (_gone.IsCancellationRequested || state.Asks(_state))
            return;
        _state = state;
        ShowSearch();
        try
        {
            await AskAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await DispatchExceptionAsync(exception);
        }
    });

    private async Task AskAsync()
    {
        _asking?.Cancel();
        _asking?.Dispose();
        _asking = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        var mine = _asking.Token;
        _loading = true;
        StateHasChanged();
        var request = new TableRequest(
            new ListRequest
            {
                Take = PageSize,
                Skip = (_state.Page - 1) * PageSize,
                Search = _state.Search,
                Sort = _state.Sort,
                Descending = _state.Descending,
                WithTotal = true,
            },
            _state.Filters);
        try
        {
            var result = await Load(request, mine);
            if (mine.IsCancellationRequested)
                return;
            Show(result);
            Handoff.Give(Ticket, result);
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            // A newer question is on its way, or nobody looks any more.
        }

        if (!_gone.IsCancellationRequested)
            StateHasChanged();
    }

    private void Show(Result<PagedList<TItem>> result)
    {
        _loading = false;
        _failure = result.Succeeded ? null : result.Failure;
        _page = result.Succeeded ? result.Value : null;
        // What is no longer on screen, or no longer as it was, can't be meant.
        foreach (var gone in _chosen.Keys.Except(_page?.Items.Where(IsChoosable).Select(KeyOf) ?? []).ToList())
            _chosen.Remove(gone);
    }

    private object KeyOf(TItem item) => RowKey is null ? item! : RowKey(item);

    private string NameOf(TItem item) => RowName?.Invoke(item) ?? BulkNoun.One;

    private bool IsChoosable(TItem item) => Choosable?.Invoke(item) ?? true;

    private void Choose(TItem item, bool on)
    {
        if (on)
            _chosen[KeyOf(item)] = item;
        else
            _chosen.Remove(KeyOf(item));
    }

    private void ChooseAll(bool on)
    {
        foreach (var item in _page?.Items.Where(IsChoosable) ?? [])
            Choose(item, on);
    }

    // Only when it is not what the reader has just typed: then somebody went back, or cleared it.
    private void ShowSearch()
    {
        if (string.Equals(_state.Search ?? "", _typed?.Trim() ?? "", StringComparison.Ordinal))
            return;
        (_typed, _shown) = (_state.Search, _state.Search);
        _box++;
    }

    private string? SortOf(Column<TItem> column) => column.Sort is null ? null
        : column.Sort != _state.Sort ? "none"
        : _state.Descending ? "descending" : "ascending";

    // Up, down, and back to the list's own order.
    private void SortBy(Column<TItem> column)
    {
        var (sort, direction) = SortOf(column) switch
        {
            "none" => (column.Sort, null),
            "ascending" => (column.Sort, "desc"),
            _ => ((string?)null, (string?)null),
        };
        Navigation.NavigateTo(TableState.Write(Navigation, Prefix, ("sort", sort), ("dir", direction), ("page", null)));
    }

    private string PageHref(int page) => TableState.Write(Navigation, Prefix, ("page", page == 1 ? null : page));

    private async Task TypedAsync(ChangeEventArgs change)
    {
        _typed = change.Value?.ToString();
        var mine = ++_typedCount;
        try
        {
            await Task.Delay(s_pause, Clock, _gone.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (mine == _typedCount)
            SearchNow();
    }

    private void SearchNow()
    {
        _typedCount++;
        var wanted = string.IsNullOrWhiteSpace(_typed) ? null : _typed.Trim();
        if (wanted != _state.Search)
            Navigation.NavigateTo(TableState.Write(Navigation, Prefix, ("q", wanted), ("page", null)), replace: true);
    }

    private void Clear()
    {
        _typedCount++;
        (string, object?)[] values = [("q", null), ("page", null), .. _state.Filters.Keys.Select(name => (name, (object?)null))];
        Navigation.NavigateTo(TableState.Write(Navigation, Prefix, values));
    }
}
