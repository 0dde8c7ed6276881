using System.Globalization;
using System.Text.RegularExpressions;
using Bunit;
using Portal.Components.Shared.Charts;
using Portal.Tests.Components.Support;
using Radzen.Blazor.Rendering;

namespace Portal.Tests.Components.Shared;

/// <summary>Columns fill the width that the browser tells, in whichever order it tells it.</summary>
public sealed partial class ColumnChartTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_resize_before_the_answer_to_how_wide_it_is_leaves_no_column_where_it_stood_without_a_width()
    {
        var asked = _world.Pages.JSInterop.Setup<Rect>("Radzen.createChart", _ => true);
        var page = Render();

        await page.InvokeAsync(() => page.FindComponent<MeasuredChart>().Instance.Resize(600, 300));
        asked.SetResult(new Rect { Width = 600, Height = 300 });

        await page.WaitForAssertionAsync(() => RightmostColumn(page).ShouldBeInRange(400, 600));
    }

    [Fact]
    public async Task An_answer_that_is_out_of_date_does_not_outlive_the_resize_that_overtook_it()
    {
        var asked = _world.Pages.JSInterop.Setup<Rect>("Radzen.createChart", _ => true);
        _world.Pages.JSInterop.Setup<Rect?>("Radzen.clientRect", _ => true).SetResult(new Rect { Width = 600, Height = 300 });
        var page = Render();

        await page.InvokeAsync(() => page.FindComponent<MeasuredChart>().Instance.Resize(600, 300));
        asked.SetResult(new Rect { Width = 24, Height = 300 });

        await page.WaitForAssertionAsync(() => RightmostColumn(page).ShouldBeInRange(400, 600));
    }

    private IRenderedComponent<ColumnChart> Render() => _world.Pages.Render<ColumnChart>(chart => chart
        .Add(it => it.Caption, "Usage").Add(it => it.SlotName, "Day").Add(it => it.Unit, "calls")
        .Add(it => it.Slots, [.. Enumerable.Range(1, 6).Select(day => new ChartSlot($"{day}", $"{day} Nov 2026"))])
        .Add(it => it.Series, [new("calls", [1, 2, 3, 4, 5, 6])]));

    private static double RightmostColumn(IRenderedComponent<ColumnChart> page) => page.FindAll(".rz-column-series path, .rz-stacked-column-series path, [class*=column-series] path")
        .SelectMany(path => Numbers().Matches(path.GetAttribute("d")!)).Select(number => double.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();

    // What a path goes to is written as x and y.
    [GeneratedRegex(@"[ML]\s*(-?[\d.]+)")]
    private static partial Regex Numbers();
}
