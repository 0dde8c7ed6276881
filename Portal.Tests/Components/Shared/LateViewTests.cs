using Bunit;
using Portal.Components.Shared;
using Portal.Core.Kernel;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Shared;

/// <summary>A part of a page that the page does not wait for.</summary>
public sealed class LateViewTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();
    private TaskCompletionSource<Result<string>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _loads;

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_page_stands_before_the_part_is_there()
    {
        var page = Open();

        page.Find("[aria-busy=true] .skeleton");
        page.Find(".rest").TextContent.ShouldBe("The rest");
        _loads.ShouldBe(1);
        _answer.SetResult("twelve");
        await page.WaitForAssertionAsync(() => page.Find(".part").TextContent.ShouldBe("twelve"));
        _loads.ShouldBe(1);
    }

    [Fact]
    public async Task Its_failure_is_its_own_has_a_reference_and_can_be_tried_again()
    {
        var page = Open();
        _answer.SetException(new TimeoutException("no route to 10.0.0.7"));

        await page.WaitForAssertionAsync(() => page.Find("[role=alert] h2").TextContent.ShouldBe("The sum could not be loaded"));
        page.Find(".rest").TextContent.ShouldBe("The rest");
        page.Find("[role=alert]").TextContent.ShouldContain("Reference");
        page.Markup.ShouldNotContain("10.0.0.7");
        _answer = new();
        _answer.SetResult("twelve");
        await page.PressAsync("Try again");
        await page.WaitForAssertionAsync(() => page.Find(".part").TextContent.ShouldBe("twelve"));
        page.FindAll("[role=alert]").ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_key_loads_again_and_an_answer_to_the_earlier_question_is_of_no_use()
    {
        var page = Open();
        var first = _answer;
        _answer = new();
        page.Render(view => view.AddChildContent(Part("b")));
        first.SetResult("old");
        page.Find("[aria-busy=true]");

        _answer.SetResult("new");

        await page.WaitForAssertionAsync(() => page.Find(".part").TextContent.ShouldBe("new"));
        _loads.ShouldBe(2);
    }

    private IRenderedComponent<PageBoundary> Open() => _world.Pages.Render<PageBoundary>(boundary => boundary.AddChildContent(Part("a")));

    private Microsoft.AspNetCore.Components.RenderFragment Part(string key) => builder =>
    {
        builder.AddMarkupContent(0, "<p class=\"rest\">The rest</p>");
        builder.OpenComponent<LoadView<string>>(1);
        builder.AddComponentParameter(2, nameof(LoadView<>.Load), (Func<CancellationToken, Task<Result<string>>>)(_ =>
        {
            _loads++;
            return _answer.Task;
        }));
        builder.AddComponentParameter(3, nameof(LoadView<>.Late), true);
        builder.AddComponentParameter(4, nameof(LoadView<>.Part), "The sum");
        builder.AddComponentParameter(5, nameof(LoadView<>.Key), key);
        builder.AddComponentParameter(6, nameof(LoadView<>.ChildContent), (Microsoft.AspNetCore.Components.RenderFragment<string>)(text => inner => inner.AddMarkupContent(0, $"<p class=\"part\">{text}</p>")));
        builder.CloseComponent();
    };
}
