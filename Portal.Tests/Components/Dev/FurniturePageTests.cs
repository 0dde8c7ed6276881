using Bunit;
using Portal.Components.Dev;
using Portal.Components.Shared;
using Portal.Components.Shared.Charts;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Dev;

[Covers(typeof(FurniturePage))]
public sealed class FurniturePageTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void In_development_every_state_of_a_list_is_shown()
    {
        var page = Open("Development");

        page.WaitForAssertion(() => page.FindAll("table").Count.ShouldBeGreaterThan(3));
        page.FindAll("[aria-busy=true] .skeleton").ShouldNotBeEmpty();
        page.FindAll(".empty h2").Select(head => head.TextContent).ShouldContain("No things yet");
        page.FindAll("[role=alert]").Count.ShouldBe(2);
        page.FindAll(".empty h2").Count(head => head.TextContent == "You don't have access to this").ShouldBe(2);
        page.FindAll(".band").ShouldHaveSingleItem();
        page.FindAll(".column-choice").Select(choice => choice.TextContent).Distinct().ShouldBe(["Status", "Organisation", "Course", "Events", "Amount"]);
    }

    [Fact]
    public void Elsewhere_there_is_nothing_here()
    {
        var refused = false;
        _world.Navigation.OnNotFound += (_, _) => refused = true;

        var page = Open("Production");

        refused.ShouldBeTrue();
        page.FindAll("*").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(120, 100, "20% more than last Monday")]
    [InlineData(80, 100, "20% less than last Monday")]
    [InlineData(100, 100, "Same as last Monday")]
    [InlineData(5, 0, "–")]
    public void A_change_is_said_in_words(int now, int before, string says) =>
        _world.Pages.Render<Trend>(it => it.Add(x => x.Now, now).Add(x => x.Before, before).Add(x => x.Than, "last Monday")).Find("span").TextContent.Trim().ShouldBe(says);

    [Fact]
    public void A_bar_is_as_long_as_its_share_and_what_is_little_is_still_seen()
    {
        var bars = _world.Pages.Render<Bars>(it => it.Add(x => x.Caption, "Owed").Add(x => x.NameTitle, "Age").Add(x => x.CountTitle, "Invoices")
            .Add(x => x.Rows, [Row("Most", 1000), Row("Half", 500), Row("Little", 1), Row("None", 0)]));

        bars.FindAll(".bar").Select(bar => bar.GetAttribute("style")).ShouldBe(["width: 100%", "width: 50%", "width: 1%", "width: 0%"]);
        bars.Find("caption").TextContent.ShouldBe("Owed");
    }

    [Fact]
    public void A_course_without_figures_draws_nothing()
    {
        _world.Pages.Render<SparkLine>(it => it.Add(x => x.Values, [0, 0]).Add(x => x.Label, "Days")).Markup.Trim().ShouldBeEmpty();
        _world.Pages.Render<SparkLine>(it => it.Add(x => x.Values, [4]).Add(x => x.Label, "Days")).Markup.Trim().ShouldBeEmpty();
        _world.Pages.Render<SparkLine>(it => it.Add(x => x.Values, [0, 4, 2]).Add(x => x.Label, "Days")).Find("polyline").GetAttribute("points").ShouldBe("0,22 50,2 100,12");
    }

    private static BarRow Row(string name, decimal value) => new(name, value, builder => builder.AddContent(0, value), "1", null);

    private IRenderedComponent<FurniturePage> Open(string environment)
    {
        _world.Place.EnvironmentName = environment;
        return _world.Pages.Render<FurniturePage>();
    }
}
