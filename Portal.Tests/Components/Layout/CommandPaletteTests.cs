using Bunit;
using Portal.Access;
using Portal.Components.Layout;
using Portal.Core.Access;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Layout;

public sealed class CommandPaletteTests : IAsyncLifetime
{
    private readonly PortalPages _pages = new();

    public Task InitializeAsync() => _pages.InitializeAsync();

    public Task DisposeAsync() => _pages.DisposeAsync();

    [Fact]
    public async Task It_lists_the_pages_and_actions_that_the_person_may_open()
    {
        var admin = await StaffAsync(_pages.World.Admin);
        var viewer = await StaffAsync(_pages.World.Viewer);

        Texts(admin, "Pages").ShouldContain("Organisations");
        Texts(admin, "Actions").ShouldContain("New organisation");
        Texts(viewer, "Pages").ShouldContain("Organisations");
        viewer.FindAll("[aria-labelledby='palette-Actions']").ShouldBeEmpty();
        admin.Find("[role=combobox]").GetAttribute("aria-controls").ShouldBe(admin.Find("[role=listbox]").Id);
    }

    [Fact]
    public async Task What_is_typed_is_looked_for_and_led_to()
    {
        var palette = await StaffAsync(_pages.World.Admin);

        await palette.DoAsync("input", element => element.InputAsync("glo"));

        palette.WaitForAssertion(() => Texts(palette, "Organisation").ShouldBe(["Globex"]));
        palette.Find("[aria-labelledby='palette-Organisation'] a").GetAttribute("href").ShouldBe($"/admin/organisations/{_pages.World.Globex.Id}");
        palette.Find(".palette-list").HasAttribute("data-busy").ShouldBeFalse();
    }

    [Fact]
    public async Task A_person_is_led_to_in_the_list_that_they_stand_in()
    {
        var palette = await StaffAsync(_pages.World.Admin);
        await palette.DoAsync("input", element => element.InputAsync("owner@acme"));
        palette.WaitForAssertion(() => palette.Find("[aria-labelledby='palette-Person'] a").GetAttribute("href").ShouldBe("/admin/people/everybody?q=owner%40acme.example.com"));
        palette.Find("#palette-Person").TextContent.ShouldBe("People");

        var own = await CustomerAsync(_pages.World.Owner);
        await own.DoAsync("input", element => element.InputAsync("billing@acme"));

        own.WaitForAssertion(() => own.Find("[aria-labelledby='palette-Person'] a").GetAttribute("href").ShouldBe($"/o/{_pages.World.Acme.Id}/team?q=billing%40acme.example.com"));
    }

    [Fact]
    public async Task A_customer_finds_nothing_of_another()
    {
        var palette = await CustomerAsync(_pages.World.Owner);

        await palette.DoAsync("input", element => element.InputAsync("sto"));
        palette.WaitForAssertion(() => palette.Find(".palette-list").HasAttribute("data-busy").ShouldBeFalse());
        palette.FindAll("[aria-labelledby='palette-Project']").ShouldBeEmpty();
        await palette.DoAsync("input", element => element.InputAsync("sho"));

        palette.WaitForAssertion(() => palette.Find("[aria-labelledby='palette-Project'] a").GetAttribute("href").ShouldBe($"/o/{_pages.World.Acme.Id}/projects/{_pages.World.AcmeProject.Id}"));
    }

    [Fact]
    public async Task A_database_that_is_away_is_said_and_the_page_behind_is_left_alone()
    {
        var palette = await StaffAsync(_pages.World.Admin);
        _pages.Store.Fault = new TimeoutException("no route to 10.0.0.7");

        await palette.DoAsync("input", element => element.InputAsync("glo"));

        palette.WaitForAssertion(() => palette.Find("[role=alert]").TextContent.ShouldContain("Search failed"));
        palette.Markup.ShouldNotContain("10.0.0.7");
        _pages.Store.Fault = null;
        await palette.DoAsync("input", element => element.InputAsync("globe"));
        palette.WaitForAssertion(() => Texts(palette, "Organisation").ShouldBe(["Globex"]));
        palette.FindAll("[role=alert]").ShouldBeEmpty();
    }

    [Fact]
    public async Task One_letter_asks_nothing()
    {
        var palette = await StaffAsync(_pages.World.Admin);
        var before = _pages.Store.Opened;

        await palette.DoAsync("input", element => element.InputAsync("g"));

        _pages.Store.Opened.ShouldBe(before);
        palette.Find(".palette-list").HasAttribute("data-busy").ShouldBeFalse();
    }

    private static string[] Texts(IRenderedComponent<CommandPalette> palette, string group) =>
        [.. palette.FindAll($"[aria-labelledby='palette-{group}'] .palette-item > span:not(.palette-note)").Select(text => text.TextContent)];

    private async Task<IRenderedComponent<CommandPalette>> StaffAsync(User person)
    {
        _pages.As(person, "/admin");
        var access = (await _pages.Get<PersonAccessReader>().FreshAsync(person.Id, default))!;
        return _pages.Open<CommandPalette>(it => it.Add(x => x.Access, access).Add(x => x.Root, "/admin")
            .Add(x => x.Groups, Navigation.For(Navigation.Staff, access.PlatformPermissions))
            .Add(x => x.Actions, Navigation.StaffActions.Where(action => access.PlatformPermissions.Contains(action.Permission!))));
    }

    private async Task<IRenderedComponent<CommandPalette>> CustomerAsync(User person)
    {
        _pages.As(person, $"/o/{_pages.World.Acme.Id}");
        var access = (await _pages.Get<PersonAccessReader>().FreshAsync(person.Id, default))!;
        return _pages.Open<CommandPalette>(it => it.Add(x => x.Access, access).Add(x => x.Root, $"/o/{_pages.World.Acme.Id}")
            .Add(x => x.Groups, Navigation.For(Navigation.Customer, access.In(_pages.World.Acme.Id)!.Permissions)));
    }
}
