using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Portal.Components;
using Portal.Components.Account;
using Portal.Core.Access;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components;

/// <summary>The pages around both portals: the start, and what stands for what is not there.</summary>
[Covers(typeof(Start), typeof(NotFound), typeof(Failed), typeof(Status), typeof(ForbiddenPage), typeof(SignOutPage))]
public sealed class PlainPagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_start_sends_people_where_they_belong()
    {
        _world.Open<Start>("/").WaitForAssertion(() => _world.Navigation.Uri.ShouldEndWith("/admin"));

        var organisation = await _world.Billing.OrganisationAsync();
        await _world.BecomeAsync(SystemRoles.Owner, organisation.Id);
        _world.Open<Start>("/").WaitForAssertion(() => _world.Navigation.Uri.ShouldEndWith($"/o/{organisation.Id}"));
    }

    [Fact]
    public async Task Who_belongs_to_two_organisations_chooses()
    {
        var (first, second) = (await _world.Billing.OrganisationAsync(), await _world.Billing.OrganisationAsync());
        await _world.BecomeAsync(SystemRoles.Billing, first.Id, second.Id);

        var page = _world.Open<Start>("/");

        page.WaitForAssertion(() => page.FindAll("a.choice").Select(choice => choice.GetAttribute("href")).ShouldBe([$"/o/{first.Id}", $"/o/{second.Id}"], ignoreOrder: true));
    }

    [Fact]
    public async Task Who_belongs_nowhere_is_told_whom_to_ask()
    {
        await _world.BecomeAsync(null);

        var page = _world.Open<Start>("/");

        page.WaitForAssertion(() => page.Find("h1").TextContent.ShouldBe("No organisation yet"));
        page.FindAll("a.choice").ShouldBeEmpty();
        page.Find("form[action='/account/sign-out']");
    }

    [Fact]
    public void What_is_not_there_says_so()
    {
        var page = _world.Open<NotFound>("/no/such/page");

        page.WaitForAssertion(() => page.Find("h1").TextContent.ShouldBe("Page not found"));
        page.FindComponents<PageTitle>().ShouldNotBeEmpty();
    }

    [Fact]
    public void An_error_has_a_reference_and_a_way_to_try_again()
    {
        var page = _world.Open<Failed>("/error");

        page.Find("h1").TextContent.ShouldBe("Something went wrong");
        page.Find(".id").GetAttribute("data-copy").ShouldNotBeNullOrEmpty();
        page.Find("[data-action=reload]").TextContent.ShouldBe("Try again");
    }

    [Theory]
    [InlineData(403, "You don't have access to this")]
    [InlineData(429, "Too many attempts")]
    [InlineData(400, "This form has expired")]
    [InlineData(404, "Page not found")]
    [InlineData(418, "Page not found")]
    public void A_status_without_a_page_gets_one(int code, string title)
    {
        var page = _world.Open<Status>($"/status/{code}", status => status.Add(it => it.Code, code));

        page.WaitForAssertion(() => page.Find("h1").TextContent.ShouldBe(title));
        page.FindComponents<PageTitle>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Who_may_not_is_told_so_and_led_on()
    {
        var page = _world.Open<ForbiddenPage>("/account/forbidden");

        page.Find("h1").TextContent.ShouldBe("You don't have access to this");
        page.Find("a.button").GetAttribute("href").ShouldBe("/");
    }

    [Fact]
    public void Signing_out_is_a_form_and_can_be_thought_better_of()
    {
        var page = _world.Open<SignOutPage>("/account/sign-out");

        (page.Find("form").GetAttribute("method"), page.Find("form").GetAttribute("action")).ShouldBe(("post", "/account/sign-out"));
        page.Find("a.button").GetAttribute("href").ShouldBe("/");
    }
}
