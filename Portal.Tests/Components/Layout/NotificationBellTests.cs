using Bunit;
using Portal.Components.Layout;
using Portal.Core.Support;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Layout;

public sealed class NotificationBellTests : IAsyncLifetime
{
    private readonly PortalPages _pages = new();

    public async Task InitializeAsync()
    {
        await _pages.InitializeAsync();
        var owner = await _pages.World.CallOfAsync(_pages.World.Owner, _pages.World.Acme.Id);
        _pages.World.Clock.Advance(TimeSpan.FromMinutes(1));
        (await _pages.World.Get<OpenTicket>().RunAsync(owner, new OpenTicketRequest { OrganisationId = _pages.World.Acme.Id, Subject = "Late figures", Body = "Where are they?" }, default)).Failures.ShouldBeEmpty();
        _pages.World.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    public Task DisposeAsync() => _pages.DisposeAsync();

    [Fact]
    public async Task It_counts_what_is_new_leads_to_it_and_is_still_when_it_was_opened()
    {
        var bell = Open();
        bell.WaitForAssertion(() => bell.Find(".bell-count").TextContent.Trim().ShouldBe("1"));

        await bell.DoAsync("details", element => element.TriggerEventAsync("ontoggle", EventArgs.Empty));

        bell.WaitForAssertion(() => bell.FindAll(".bell-count").ShouldBeEmpty());
        var told = bell.Find(".notices-list li.new a");
        told.TextContent.ShouldContain("Ticket “Late figures” was opened");
        told.TextContent.ShouldContain("Acme");
        told.GetAttribute("href")!.ShouldStartWith("/admin/support/");
        var again = Open();
        again.WaitForAssertion(() => again.Find(".notices-list"));
        again.FindAll(".bell-count").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_can_not_be_read_is_said_in_it_and_asked_for_again()
    {
        _pages.Store.Fault = new InvalidOperationException("10.0.0.7 does not answer");
        var bell = Open();
        bell.WaitForAssertion(() => bell.Markup.ShouldContain("could not be loaded"));
        bell.Markup.ShouldNotContain("10.0.0.7");

        _pages.Store.Fault = null;
        await bell.PressAsync("Try again");

        bell.WaitForAssertion(() => bell.Find(".notices-list"));
    }

    [Fact]
    public void A_customer_who_has_nothing_to_read_is_told_so()
    {
        _pages.As(_pages.World.Owner, $"/o/{_pages.World.Acme.Id}");
        var bell = _pages.Open<NotificationBell>(it => it.Add(x => x.Root, $"/o/{_pages.World.Acme.Id}"));

        bell.WaitForAssertion(() => bell.Markup.ShouldContain("Nothing new"));
        bell.FindAll(".bell-count").ShouldBeEmpty();
    }

    private IRenderedComponent<NotificationBell> Open()
    {
        _pages.As(_pages.World.Admin, "/admin");
        return _pages.Open<NotificationBell>(it => it.Add(x => x.Root, "/admin"));
    }
}
