using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Components.Shared;
using Portal.Components.Shared.Tables;
using Portal.Core.Kernel;

namespace Portal.Tests.Components.Shared;

public sealed class DataTableTests : IDisposable
{
    private readonly BunitContext _context = new();
    private readonly List<TableRequest> _asked = [];
    private Func<TableRequest, Task<Result<PagedList<Row>>>> _answer = _ => Task.FromResult<Result<PagedList<Row>>>(new PagedList<Row>([new Row(1, "One"), new Row(2, "Two")], true, 60));

    public DataTableTests()
    {
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddSingleton(TimeProvider.System).AddScoped<Handoff>().AddMemoryCache();
        _context.AddBunitPersistentComponentState();
        _context.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    private NavigationManager Navigation => _context.Services.GetRequiredService<NavigationManager>();

    public void Dispose() => _context.Dispose();

    [Fact]
    public void While_the_answer_is_on_its_way_rows_in_grey_stand_in_below_the_real_heads()
    {
        var waiting = new TaskCompletionSource<Result<PagedList<Row>>>();
        _answer = _ => waiting.Task;

        var table = Render();

        table.Find(".table-box").GetAttribute("aria-busy").ShouldBe("true");
        table.FindAll("thead th").Select(head => head.TextContent.Trim()).ShouldBe(["Name", "Number"]);
        table.FindAll("tbody .skeleton").ShouldNotBeEmpty();
        waiting.SetResult(new PagedList<Row>([new Row(1, "One")], false, 1));
        table.WaitForAssertion(() => table.Find(".table-box").GetAttribute("aria-busy").ShouldBe("false"));
        table.FindAll(".skeleton").ShouldBeEmpty();
    }

    [Fact]
    public void A_late_list_is_asked_for_once_the_page_stands()
    {
        List<int> askedAsRendered = [];
        var table = Render(late: true, actions: _ => askedAsRendered.Add(_asked.Count));

        table.WaitForAssertion(() => table.FindAll("tbody tr.linked").Count.ShouldBe(2));
        askedAsRendered[0].ShouldBe(0);
        _asked.Count.ShouldBe(1);
    }

    [Fact]
    public void It_is_a_real_table_whose_rows_are_links()
    {
        var table = Render();

        table.Find("table > caption").TextContent.ShouldBe("Things");
        table.FindAll("th[scope=col]").Count.ShouldBe(2);
        table.FindAll("tbody tr.linked").Count.ShouldBe(2);
        table.Find("tbody tr td.primary a.row-link").GetAttribute("href").ShouldBe("/things/1");
        table.Find(".pager [role=status]").TextContent.ShouldBe("1–2 of 60");
    }

    [Fact]
    public void A_list_that_never_had_a_row_offers_the_first_step()
    {
        _answer = _ => Task.FromResult<Result<PagedList<Row>>>(new PagedList<Row>([], false, 0));

        Render().Find(".empty h2").TextContent.ShouldBe("No things yet");
    }

    [Fact]
    public void A_search_without_a_match_says_so_and_is_cleared_by_a_click()
    {
        _answer = request => Task.FromResult<Result<PagedList<Row>>>(new PagedList<Row>(request.List.Search is null ? [new Row(1, "One")] : [], false, request.List.Search is null ? 1 : 0));
        Navigation.NavigateTo("/things?q=nothing&kind=rare");
        var table = Render();
        table.Find(".empty h2").TextContent.ShouldBe("No results");

        table.Find(".empty button").Click();

        table.WaitForAssertion(() => table.FindAll("tbody tr.linked").Count.ShouldBe(1));
        Navigation.Uri.ShouldEndWith("/things");
        table.Find("input[type=search]").GetAttribute("value").ShouldBeNullOrEmpty();
    }

    [Fact]
    public void A_refusal_is_said_and_tried_again_by_a_click()
    {
        var fails = true;
        _answer = _ => Task.FromResult<Result<PagedList<Row>>>(fails ? Failure.Unavailable("away", "The database is away.") : new PagedList<Row>([new Row(1, "One")], false, 1));
        var table = Render();
        table.Find("[role=alert]").TextContent.ShouldContain("The database is away.");
        fails = false;

        table.Find("[role=alert] button").Click();

        table.WaitForAssertion(() => table.FindAll("tbody tr.linked").Count.ShouldBe(1));
    }

    [Fact]
    public void Who_may_not_see_the_list_is_told_so()
    {
        _answer = _ => Task.FromResult<Result<PagedList<Row>>>(Failure.Forbidden());

        Render().Find(".empty").TextContent.ShouldContain("You don't have access to this");
    }

    [Fact]
    public void The_address_decides_what_is_asked()
    {
        Navigation.NavigateTo("/things?q=one&sort=name&dir=desc&page=3&kind=rare&keys.q=other");

        Render();

        var request = _asked.ShouldHaveSingleItem();
        request.List.ShouldBe(new ListRequest { Take = 25, Skip = 50, Search = "one", Sort = "name", Descending = true, WithTotal = true });
        request.Filters.ShouldBe(new Dictionary<string, string> { ["kind"] = "rare" });
    }

    [Fact]
    public void A_click_on_a_head_sorts_up_then_down_then_not_at_all()
    {
        Navigation.NavigateTo("/things?page=2");
        var table = Render();

        Sort().ShouldBe("ascending");
        Navigation.Uri.ShouldEndWith("/things?sort=name");
        Sort().ShouldBe("descending");
        Navigation.Uri.ShouldEndWith("sort=name&dir=desc");
        Sort().ShouldBe("none");
        Navigation.Uri.ShouldEndWith("/things");

        string Sort()
        {
            table.Find("th button.sort").Click();
            table.WaitForAssertion(() => table.Find(".table-box").GetAttribute("aria-busy").ShouldBe("false"));
            return table.Find("th:first-child").GetAttribute("aria-sort")!;
        }
    }

    [Fact]
    public void What_is_typed_is_searched_after_a_pause_and_the_box_is_left_alone()
    {
        var table = Render();
        var box = table.Find("input[type=search]");

        box.Input("o");
        box.Input("on");
        box.Input("one");

        table.WaitForAssertion(() => Navigation.Uri.ShouldEndWith("?q=one"));
        table.WaitForAssertion(() => _asked.Select(request => request.List.Search).ShouldBe([null, "one"]));
        // Nothing is written into it while somebody types: a slow answer would eat what came meanwhile.
        table.Find("input[type=search]").GetAttribute("value").ShouldBeNullOrEmpty();
    }

    [Fact]
    public void Enter_searches_at_once()
    {
        var table = Render();
        table.Find("input[type=search]").Input("two");

        table.Find("form.search").Submit();

        Navigation.Uri.ShouldEndWith("?q=two");
    }

    [Fact]
    public void The_answer_to_an_older_question_does_not_replace_a_newer_one()
    {
        var slow = new TaskCompletionSource<Result<PagedList<Row>>>();
        _answer = request => request.List.Page() == 2 ? slow.Task : Task.FromResult<Result<PagedList<Row>>>(new PagedList<Row>([new Row(request.List.Page(), $"Page {request.List.Page()}")], true, 90));
        var table = Render();
        Navigation.NavigateTo("/things?page=2");
        Navigation.NavigateTo("/things?page=3");
        table.WaitForAssertion(() => table.Find("tbody").TextContent.ShouldContain("Page 3"));

        slow.SetResult(new PagedList<Row>([new Row(2, "Page 2")], true, 90));

        table.Find("tbody").TextContent.ShouldContain("Page 3");
    }

    [Fact]
    public void Chosen_rows_are_counted_and_handed_to_what_can_be_done_with_them()
    {
        var table = RenderBulk();
        table.FindAll(".bulk-bar").ShouldBeEmpty();

        table.Find("tbody input").Change(true);

        table.Find(".bulk-bar [role=status]").TextContent.ShouldBe("1 thing selected");
        table.Find(".bulk-bar em").TextContent.ShouldBe("1");
        table.Find("tbody input").GetAttribute("aria-label").ShouldBe("Select One");
        table.FindAll(".bulk-bar button").Single(button => button.TextContent == "Clear selection").Click();
        table.FindAll(".bulk-bar").ShouldBeEmpty();
        table.Find("tbody input").HasAttribute("checked").ShouldBeFalse();
    }

    [Fact]
    public void The_box_in_the_head_chooses_all_that_can_be_chosen()
    {
        _answer = _ => Task.FromResult<Result<PagedList<Row>>>(new PagedList<Row>([new Row(1, "One"), new Row(2, "Two"), new Row(3, "Fixed")], false, 3));
        var table = RenderBulk();
        table.FindAll("tbody input").Count.ShouldBe(2);

        table.Find("thead input").Change(true);

        table.Find(".bulk-bar em").TextContent.ShouldBe("1 2");
        table.Find("thead input").HasAttribute("checked").ShouldBeTrue();
        table.Find("thead input").Change(false);
        table.FindAll(".bulk-bar").ShouldBeEmpty();
    }

    [Fact]
    public void Where_the_head_is_folded_away_a_line_above_the_rows_chooses_all()
    {
        _answer = _ => Task.FromResult<Result<PagedList<Row>>>(new PagedList<Row>([new Row(1, "One"), new Row(2, "Two"), new Row(3, "Fixed")], false, 3));
        var table = RenderBulk();
        table.Find(".choose-all").TextContent.Trim().ShouldBe("All 2 things of this page");

        table.Find(".choose-all input").Change(true);

        table.Find(".bulk-bar em").TextContent.ShouldBe("1 2");
        table.Find("thead input").HasAttribute("checked").ShouldBeTrue();
        table.Find(".choose-all input").Change(false);
        table.FindAll(".bulk-bar").ShouldBeEmpty();
    }

    [Fact]
    public void Where_nothing_can_be_chosen_nothing_offers_to_choose_all()
    {
        _answer = _ => Task.FromResult<Result<PagedList<Row>>>(new PagedList<Row>([new Row(3, "Fixed")], false, 1));

        RenderBulk().FindAll(".choose-all").ShouldBeEmpty();
        Render().FindAll(".choose-all").ShouldBeEmpty();
    }

    [Fact]
    public void Filters_that_are_set_are_chips_also_where_what_sets_them_is_folded_away()
    {
        Navigation.NavigateTo("/things?q=one&tone=good&age=old&run=7&age2=unknown&page=2");

        var table = RenderFiltered();

        table.Find("details summary").TextContent.ShouldBe("More filters");
        table.FindAll("details select").Count.ShouldBe(1);
        table.FindAll(".chip-text").Select(chip => chip.TextContent).ShouldBe(["Tone: Good", "One run", "Age: Over a year"]);
        table.FindAll(".chip").Select(chip => new Uri(chip.GetAttribute("href")!).Query).ShouldBe(
            ["?q=one&age=old&run=7&age2=unknown", "?q=one&tone=good&age=old&age2=unknown", "?q=one&tone=good&run=7&age2=unknown"]);
        table.FindAll("select").Select(select => select.ClassList.Contains("set")).ShouldBe([true, true]);
        Navigation.NavigateTo(table.Find(".chips-clear").GetAttribute("href")!);
        table.WaitForAssertion(() => table.FindAll(".chips").ShouldBeEmpty());
        new Uri(Navigation.Uri).Query.ShouldBeEmpty();
        _asked[^1].Filters.ShouldBeEmpty();
    }

    [Fact]
    public void A_value_that_no_filter_knows_has_no_chip()
    {
        Navigation.NavigateTo("/things?tone=purple");

        RenderFiltered().FindAll(".chips").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_no_longer_on_the_page_or_no_longer_to_be_chosen_is_let_go()
    {
        var table = RenderBulk();
        table.Find("thead input").Change(true);
        _answer = _ => Task.FromResult<Result<PagedList<Row>>>(new PagedList<Row>([new Row(1, "Fixed"), new Row(2, "Two")], false, 2));

        await table.InvokeAsync(table.Instance.ReloadAsync);

        table.Find(".bulk-bar em").TextContent.ShouldBe("2");
    }

    [Fact]
    public void The_columns_are_put_away_below_a_list_that_has_nothing_else_above_it()
    {
        var bare = RenderWide(search: null);
        bare.FindAll(".table-bar").ShouldBeEmpty();
        bare.FindAll(".pager .column-choice").Count.ShouldBe(4);

        var searched = RenderWide(search: "Search name");
        searched.FindAll(".table-bar .column-choice").Count.ShouldBe(4);
        searched.FindAll(".pager .column-choice").ShouldBeEmpty();
    }

    [Fact]
    public void Two_lists_on_a_page_have_states_of_their_own()
    {
        Navigation.NavigateTo("/things?q=mine&keys.q=theirs&keys.page=2");

        Render("keys.");

        _asked.ShouldHaveSingleItem().List.Search.ShouldBe("theirs");
        _asked[0].List.Skip.ShouldBe(25);
        _asked[0].Filters.ShouldBeEmpty();
    }

    private IRenderedComponent<DataTable<Row>> Render(string prefix = "", bool late = false, RenderFragment? actions = null) => _context.Render<DataTable<Row>>(table => table
        .Add(it => it.Caption, "Things")
        .Add(it => it.Prefix, prefix)
        .Add(it => it.Late, late)
        .Add(it => it.Actions, actions)
        .Add(it => it.SearchLabel, "Search name")
        .Add(it => it.RowHref, row => $"/things/{row.Id}")
        .Add(it => it.Load, (request, _) =>
        {
            _asked.Add(request);
            return _answer(request);
        })
        .Add(it => it.Empty, "<div class='empty'><h2>No things yet</h2></div>")
        .Add<Column<Row>>(it => it.Columns, column => column.Add(it => it.Title, "Name").Add(it => it.Sort, "name").Add(it => it.ChildContent, row => row.Name))
        .Add<Column<Row>>(it => it.Columns, column => column.Add(it => it.Title, "Number").Add(it => it.End, true).Add(it => it.ChildContent, row => row.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))));

    private IRenderedComponent<DataTable<Row>> RenderFiltered() => _context.Render<DataTable<Row>>(table => table
        .Add(it => it.Caption, "Things")
        .Add<FilterSelect>(it => it.Filters, filter => filter.Add(it => it.Name, "tone").Add(it => it.Label, "Tone").Add(it => it.Options, [("good", "Good")]))
        .Add<FilterChip>(it => it.Filters, chip => chip.Add(it => it.Name, "run").Add(it => it.Says, _ => "One run"))
        .Add<FilterSelect>(it => it.MoreFilters, filter => filter.Add(it => it.Name, "age").Add(it => it.Label, "Age").Add(it => it.Options, [("old", "Over a year")]))
        .Add(it => it.Load, (request, _) =>
        {
            _asked.Add(request);
            return _answer(request);
        })
        .Add<Column<Row>>(it => it.Columns, column => column.Add(it => it.Title, "Name").Add(it => it.ChildContent, row => row.Name)));

    private IRenderedComponent<DataTable<Row>> RenderBulk() => _context.Render<DataTable<Row>>(table => table
        .Add(it => it.Caption, "Things")
        .Add(it => it.RowKey, row => row.Id)
        .Add(it => it.RowName, row => row.Name)
        .Add(it => it.Choosable, row => row.Name != "Fixed")
        .Add(it => it.BulkNoun, ("thing", "things"))
        .Add(it => it.Bulk, chosen => $"<em>{string.Join(' ', chosen.Select(row => row.Id))}</em>")
        .Add(it => it.Load, (request, _) => _answer(request))
        .Add<Column<Row>>(it => it.Columns, column => column.Add(it => it.Title, "Name").Add(it => it.ChildContent, row => row.Name)));

    private IRenderedComponent<DataTable<Row>> RenderWide(string? search) => _context.Render<DataTable<Row>>(table =>
    {
        table.Add(it => it.Caption, "Things").Add(it => it.SearchLabel, search).Add(it => it.Load, (request, _) => _answer(request));
        foreach (var title in new[] { "A", "B", "C", "D", "E" })
            table.Add<Column<Row>>(it => it.Columns, column => column.Add(it => it.Title, title).Add(it => it.ChildContent, row => row.Name));
    });

    internal sealed record Row(int Id, string Name);
}

file static class Pages
{
    public static int Page(this ListRequest request) => (request.Skip / request.Take) + 1;
}
