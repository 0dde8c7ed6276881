using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Components.Shared;
using Portal.Components.Shared.Dialogs;
using Portal.Components.Shared.Forms;
using Portal.Core.Kernel;

namespace Portal.Tests.Components.Shared;

public sealed class FormTests : IDisposable
{
    private readonly BunitContext _context = new();
    private readonly List<string?> _sent = [];
    private Func<Task<IReadOnlyList<Failure>>> _answer = () => Task.FromResult<IReadOnlyList<Failure>>([]);
    private string? _name;
    private decimal? _rate;

    public FormTests()
    {
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddSingleton(TimeProvider.System);
        _context.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    public void Dispose() => _context.Dispose();

    [Fact]
    public void A_failure_stands_beside_its_field_and_above_and_what_was_typed_stays()
    {
        _answer = () => Task.FromResult<IReadOnlyList<Failure>>([Failure.Invalid("name", "Give another name."), Failure.Conflict("late", "Somebody was faster.")]);
        var form = Render();
        form.Find("#field-name").Change("Acme");

        form.Find("form").Submit();

        var input = form.Find("#field-name");
        input.GetAttribute("value").ShouldBe("Acme");
        input.GetAttribute("aria-invalid").ShouldBe("true");
        input.GetAttribute("aria-describedby").ShouldBe("field-name-help field-name-error");
        form.Find("#field-name-error").TextContent.ShouldBe("Give another name.");
        form.Find("[role=alert] a").GetAttribute("href").ShouldEndWith("#field-name");
        form.Find("[role=alert]").TextContent.ShouldContain("Somebody was faster.");
    }

    [Fact]
    public void An_error_goes_when_its_field_is_changed()
    {
        _answer = () => Task.FromResult<IReadOnlyList<Failure>>([Failure.Invalid("name", "Give another name.")]);
        var form = Render();
        form.Find("form").Submit();

        form.Find("#field-name").Change("Better");

        form.Find("#field-name").HasAttribute("aria-invalid").ShouldBeFalse();
        form.FindAll("#field-name-error").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_in_a_row_does_it_once_and_is_busy_meanwhile()
    {
        var waiting = new TaskCompletionSource<IReadOnlyList<Failure>>();
        _answer = () => waiting.Task;
        var form = Render();
        form.Find("#field-name").Change("Acme");

        var first = form.Find("form").SubmitAsync();
        var second = form.Find("form").SubmitAsync();

        form.Find("button[type=submit]").HasAttribute("disabled").ShouldBeTrue();
        form.Find("button[type=submit]").GetAttribute("aria-busy").ShouldBe("true");
        waiting.SetResult([]);
        await Task.WhenAll(first, second);
        _sent.ShouldBe(["Acme"]);
        form.WaitForAssertion(() => form.Find("button[type=submit]").HasAttribute("disabled").ShouldBeFalse());
    }

    [Fact]
    public void What_is_no_number_stays_as_it_was_typed_and_is_not_sent()
    {
        var form = Render();
        form.Find("#field-rate").Change("eighteen");

        form.Find("form").Submit();

        form.Find("#field-rate").GetAttribute("value").ShouldBe("eighteen");
        form.Find("#field-rate-error").TextContent.ShouldNotBeNullOrWhiteSpace();
        _sent.ShouldBeEmpty();
    }

    [Fact]
    public void Before_the_connection_stands_a_form_can_t_be_sent()
    {
        _context.SetRendererInfo(new RendererInfo("Static", isInteractive: false));

        Render().Find("button[type=submit]").HasAttribute("disabled").ShouldBeTrue();
    }

    [Fact]
    public void Leaving_with_changes_asks_and_another_query_on_the_page_does_not()
    {
        var navigation = _context.Services.GetRequiredService<NavigationManager>();
        var form = Render();
        form.Find("#field-name").Change("Acme");

        navigation.NavigateTo("/?tab=2");
        form.FindAll("dialog").ShouldBeEmpty();
        navigation.NavigateTo("/elsewhere");

        form.Find("dialog h2").TextContent.ShouldBe("Leave without saving?");
        navigation.Uri.ShouldEndWith("/?tab=2");
        form.Find("dialog .button-danger").Click();
        navigation.Uri.ShouldEndWith("/elsewhere");
    }

    [Fact]
    public void Leaving_after_saving_does_not_ask()
    {
        var navigation = _context.Services.GetRequiredService<NavigationManager>();
        var form = Render();
        form.Find("#field-name").Change("Acme");
        form.Find("form").Submit();

        navigation.NavigateTo("/elsewhere");

        navigation.Uri.ShouldEndWith("/elsewhere");
    }

    [Fact]
    public async Task A_button_that_is_pressed_twice_in_a_row_does_it_once()
    {
        var waiting = new TaskCompletionSource();
        var pressed = 0;
        var button = _context.Render<Button>(it => it.Add(x => x.ChildContent, "Go").Add(x => x.OnClick, () =>
        {
            pressed++;
            return waiting.Task;
        }));

        var first = button.Find("button").ClickAsync();
        var second = button.Find("button").ClickAsync();
        button.Find("button").HasAttribute("disabled").ShouldBeTrue();
        waiting.SetResult();
        await Task.WhenAll(first, second);

        pressed.ShouldBe(1);
    }

    [Fact]
    public async Task A_confirmation_runs_once_however_often_it_is_pressed_and_closes()
    {
        var waiting = new TaskCompletionSource<IReadOnlyList<Failure>>();
        var runs = 0;
        var dialog = Confirmation(() =>
        {
            runs++;
            return waiting.Task;
        });
        await dialog.InvokeAsync(dialog.Instance.Open);

        var first = dialog.Find(".button-danger").ClickAsync();
        var second = dialog.Find(".button-danger").ClickAsync();
        dialog.Find("[data-dialog-close]").HasAttribute("disabled").ShouldBeTrue();
        waiting.SetResult([]);
        await Task.WhenAll(first, second);

        runs.ShouldBe(1);
        dialog.WaitForAssertion(() => dialog.FindAll("dialog").ShouldBeEmpty());
    }

    [Fact]
    public async Task A_confirmation_that_fails_stays_and_says_why()
    {
        var dialog = Confirmation(() => Task.FromResult<IReadOnlyList<Failure>>([Failure.Conflict("paid", "Something is paid on it.")]));
        await dialog.InvokeAsync(dialog.Instance.Open);

        dialog.Find(".button-danger").Click();

        dialog.Find("dialog [role=alert]").TextContent.ShouldContain("Something is paid on it.");
    }

    [Fact]
    public async Task The_gravest_confirmation_wants_the_name_exactly()
    {
        var dialog = Confirmation(() => Task.FromResult<IReadOnlyList<Failure>>([]), "Acme Analytics");
        await dialog.InvokeAsync(dialog.Instance.Open);
        dialog.Find(".button-danger").HasAttribute("disabled").ShouldBeTrue();

        dialog.Find("#type-to-confirm").Input("acme analytics");
        dialog.Find(".button-danger").HasAttribute("disabled").ShouldBeTrue();
        dialog.Find("#type-to-confirm").Input("Acme Analytics");

        dialog.Find(".button-danger").HasAttribute("disabled").ShouldBeFalse();
    }

    private IRenderedComponent<ConfirmDialog> Confirmation(Func<Task<IReadOnlyList<Failure>>> run, string? word = null) => _context.Render<ConfirmDialog>(dialog => dialog
        .Add(it => it.Title, "Deactivate Acme Analytics?")
        .Add(it => it.Confirm, "Deactivate")
        .Add(it => it.Danger, true)
        .Add(it => it.TypeToConfirm, word)
        .Add(it => it.Run, _ => run())
        .Add(it => it.ChildContent, "<p>Keys are refused.</p>"));

    private IRenderedComponent<AppForm> Render() => _context.Render<AppForm>(form => form
        .Add(it => it.SubmitText, "Save")
        .Add(it => it.Submit, _ =>
        {
            _sent.Add(_name);
            return _answer();
        })
        .Add<TextField>(it => it.ChildContent, field => field.Add(it => it.Name, "name").Add(it => it.Label, "Name").Add(it => it.Help, "As on invoices.")
            .Add(it => it.Value, _name).Add(it => it.ValueChanged, value => _name = value))
        .Add<NumberField>(it => it.ChildContent, field => field.Add(it => it.Name, "rate").Add(it => it.Label, "Rate").Add(it => it.Value, _rate).Add(it => it.ValueChanged, value => _rate = value)));
}
