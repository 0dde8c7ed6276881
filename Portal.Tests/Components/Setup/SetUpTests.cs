using Bunit;
using Portal.Components.Admin;
using Portal.Components.Admin.Setup;
using Portal.Core.Access;
using Portal.Core.FirstRun;
using Portal.Core.Kernel;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Setup;

[Covers(typeof(SetUpPage))]
public sealed class SetUpTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Every_step_knows_by_itself_when_it_is_done()
    {
        await _world.Billing.SqlAsync("DELETE FROM settings");
        (await ProgressAsync()).ShouldSatisfyAllConditions(none => none.Done.ShouldBeEmpty(), none => none.Next.ShouldBe(SetUpStep.Seller), none => none.IsFinished.ShouldBeFalse());

        await SellerAsync();
        (await ProgressAsync()).Next.ShouldBe(SetUpStep.Organisation);
        var organisation = await _world.Billing.OrganisationAsync();
        (await ProgressAsync()).ShouldSatisfyAllConditions(now => now.Next.ShouldBe(SetUpStep.Project), now => now.OrganisationId.ShouldBe(organisation.Id));
        var project = await _world.Billing.ProjectAsync(organisation.Id, "Shop");
        (await ProgressAsync()).ShouldSatisfyAllConditions(now => now.Next.ShouldBe(SetUpStep.Key), now => now.ProjectId.ShouldBe(project));
        // Out of order is as good.
        await _world.Billing.PriceAsync("api_calls", 1);
        await _world.SendAsync(organisation, project, _world.Billing.Clock.Now.AddDays(-1), 1);
        (await ProgressAsync()).Done.ShouldBe([SetUpStep.Seller, SetUpStep.Organisation, SetUpStep.Project, SetUpStep.Price, SetUpStep.FirstEvent], ignoreOrder: true);
    }

    [Fact]
    public async Task The_page_leads_to_the_next_step_and_takes_the_seller_itself()
    {
        await _world.Billing.SqlAsync("DELETE FROM settings");
        var page = _world.Open<SetUpPage>("/admin/setup");
        page.WaitForAssertion(() => page.Rows("Steps").Count.ShouldBe(6));
        page.Rows("Steps")[0][2].ShouldBe("Next");

        await page.DoAsync("form", element => element.SubmitAsync());
        page.WaitForAssertion(() => page.Find("#field-legalName-error"));
        await page.PutAsync("#field-legalName", "Example Seller");
        await page.PutAsync("#field-address", "1 Example Street");
        (await _world.TwiceAsync(() => page.Find("form"), "submit")).ShouldBe(1);

        page.WaitForAssertion(() => page.Rows("Steps").Select(row => row[2]).ShouldBe(["Done", "Next", "To do", "To do", "To do", "To do"]));
        page.FindAll("form").ShouldBeEmpty();
        page.Buttons("New organisation").Single().GetAttribute("href").ShouldBe("/admin/organisations/new");
        (await _world.Billing.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = $1", "settings.seller_changed")).ShouldBe(1);
    }

    [Fact]
    public async Task The_overview_reminds_until_nobody_wants_it()
    {
        var page = _world.Open<OverviewPage>("/admin");
        page.WaitForAssertion(() => page.Find(".note h2").TextContent.ShouldBe("1 of 6 setup steps done"));
        page.Buttons("Continue").Single().GetAttribute("href").ShouldBe("/admin/setup");

        await page.PressAsync("Dismiss");

        page.WaitForAssertion(() => page.FindAll(".note").ShouldBeEmpty());
        (await ProgressAsync()).IsDismissed.ShouldBeTrue();
        (await _world.Get<DismissSetUp>().RunAsync(_world.Billing.Staff, default)).Failures.ShouldBeEmpty();
        (await _world.Billing.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = $1", "set_up.dismissed")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_can_t_set_up_is_not_led_through_it()
    {
        await _world.BecomeAsync(SystemRoles.Viewer);
        var page = _world.Open<SetUpPage>("/admin/setup");
        page.WaitForAssertion(() => page.Markup.ShouldContain("You don't have access to this"));

        var overview = _world.Open<OverviewPage>("/admin");
        overview.WaitForAssertion(() => overview.Find(".figures"));
        overview.FindAll(".note").ShouldBeEmpty();
        var customer = _world.Billing.Staff with { Scope = new AccessScope.Organisation(Guid.Empty) };
        (await _world.Get<GetSetUp>().RunAsync(customer, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<SaveSeller>().RunAsync(customer, new(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<DismissSetUp>().RunAsync(customer, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    private async Task SellerAsync() =>
        (await _world.Get<SaveSeller>().RunAsync(_world.Billing.Staff, new() { LegalName = "Example Seller", Address = "1 Example Street", Country = "in" }, default)).Failures.ShouldBeEmpty();

    private async Task<SetUpProgress> ProgressAsync() => (await _world.Get<GetSetUp>().RunAsync(_world.Billing.Staff, default)).Value;
}
