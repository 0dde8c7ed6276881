using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Components.Layout;
using Portal.Core.Access;

namespace Portal.Tests.Components.Layout;

public sealed class NavigationTests : IDisposable
{
    private readonly BunitContext _context = new();

    public void Dispose() => _context.Dispose();

    [Theory]
    [InlineData("/o/1/payments", "page")]
    [InlineData("/o/1/payments/2", "true")]
    [InlineData("/o/1/credits", "true")]
    [InlineData("/o/1/credits/buy/3?x=1", "true")]
    [InlineData("/o/1/creditsome", null)]
    [InlineData("/o/1/invoices", null)]
    public void One_entry_stands_for_payments_and_credits(string address, string? current)
    {
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo(address);

        var panel = _context.Render<NavigationPanel>(it => it.Add(x => x.Groups, Navigation.For(Navigation.Customer, Permissions.All.ToHashSet())).Add(x => x.Root, "/o/1"));

        var entry = panel.FindAll("a").Single(link => link.TextContent.Trim() == "Payments and credits");
        (entry.GetAttribute("href"), entry.GetAttribute("aria-current")).ShouldBe(("/o/1/payments", current));
        panel.FindAll("a").ShouldNotContain(link => link.TextContent.Trim() == "Credits");
    }

    [Theory]
    [InlineData("/admin/usage", "Usage", "page")]
    [InlineData("/admin/usage/events/1", "Usage", "true")]
    [InlineData("/admin/usage/late", "Late usage", "page")]
    [InlineData("/admin/usage/unpriced", "Unpriced usage", "page")]
    public void One_entry_alone_is_where_the_reader_is(string address, string label, string current)
    {
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo(address);

        var panel = _context.Render<NavigationPanel>(it => it.Add(x => x.Groups, Navigation.For(Navigation.Staff, Permissions.All.ToHashSet())).Add(x => x.Root, "/admin"));

        panel.FindAll("a[aria-current]").Select(link => (link.TextContent.Trim(), link.GetAttribute("aria-current"))).ShouldBe([(label, current)]);
    }

    [Fact]
    public void Who_may_see_one_of_two_pages_is_led_there()
    {
        Entry(Permissions.CreditsRead)!.Path.ShouldBe("credits");
        Entry(Permissions.PaymentsRead)!.Path.ShouldBe("payments");
        Entry(Permissions.InvoicesRead).ShouldBeNull();
    }

    private static NavigationEntry? Entry(string permission) =>
        Navigation.For(Navigation.Customer, new HashSet<string> { permission }).SelectMany(group => group.Entries).SingleOrDefault(entry => entry.Label == "Payments and credits");
}
