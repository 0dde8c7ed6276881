using Bunit;
using Portal.Components.Admin.Settings;
using Portal.Core.Access;
using Portal.Core.Emails;
using Portal.Core.Settings;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Settings;

[Covers(typeof(SettingsPage))]
public sealed class SettingsPageTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_seller_is_saved_once_by_a_double_click_and_audited()
    {
        var page = Open(null);
        await page.PutAsync("#field-legalName", "Example Trading Pvt Ltd");
        await page.PutAsync("#field-taxId", "27AAPFU0939F1ZV");
        await page.PutAsync("#field-stateCode", "27");

        (await _world.TwiceAsync(() => page.Find("form.form"), "submit")).ShouldBe(1);

        await page.WaitForAssertionAsync(() => _world.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe("Settings saved."));
        var seller = (await _world.Get<GetSettings>().RunAsync(_world.Billing.Staff, default)).Value.Settings.Seller;
        (seller.LegalName, seller.TaxId, seller.Address).ShouldBe(("Example Trading Pvt Ltd", "27AAPFU0939F1ZV", "1 Example Street\nBengaluru"));
        (await _world.Billing.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'settings.changed'")).ShouldBe(1);
        page.FindAll("[role=alert]").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_refused_stands_beside_its_field_and_what_was_typed_stays()
    {
        var page = Open(null);
        await page.PutAsync("#field-legalName", "");
        await page.PutAsync("#field-taxId", "29AAAAA0000A1Z5X");

        await page.DoAsync("form.form", element => element.SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find("#field-legalName-error").TextContent.ShouldContain("1 to 200"));
        page.Find("#field-taxId-error").TextContent.ShouldContain("Not a valid GSTIN");
        page.Find("#field-taxId").GetAttribute("value").ShouldBe("29AAAAA0000A1Z5X");
        (await _world.Billing.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'settings.changed'")).ShouldBe(0);
    }

    [Fact]
    public async Task Numbering_shows_what_the_next_number_looks_like()
    {
        var page = Open("numbering");
        await page.WaitForAssertionAsync(() => page.Markup.ShouldContain("INV/26-27/000001"));

        await page.PutAsync("#field-invoiceSeries", "BL");
        await page.PutAsync("#field-financialYearStart", "1");

        await page.WaitForAssertionAsync(() => page.Markup.ShouldContain("BL/2026/000001"));
        await page.DoAsync("form.form", element => element.SubmitAsync());
        await page.WaitForAssertionAsync(() => _world.Toasts.Current.ShouldHaveSingleItem());
        (await _world.Get<GetSettings>().RunAsync(_world.Billing.Staff, default)).Value.Settings.InvoiceSeries.ShouldBe("BL");
    }

    [Theory]
    [InlineData("tax", "#field-paymentTermsDays", "5")]
    [InlineData("billing", "#field-paymentInstructions", "Account 1")]
    public async Task The_other_groups_are_saved_too(string tab, string field, string value)
    {
        var page = Open(tab);
        await page.PutAsync(field, value);

        await page.DoAsync("form.form", element => element.SubmitAsync());

        await page.WaitForAssertionAsync(() => _world.Toasts.Current.ShouldHaveSingleItem());
        (await _world.Billing.ScalarAsync<string>("SELECT value::text FROM settings WHERE key = 'platform'")).ShouldContain(value);
    }

    [Fact]
    public async Task Somebody_who_saved_meanwhile_is_not_overwritten()
    {
        var page = Open("billing");
        await page.PutAsync("#field-paymentInstructions", "Mine");
        _world.Billing.Clock.Now = _world.Billing.Clock.Now.AddSeconds(1);
        var stored = (await _world.Get<GetSettings>().RunAsync(_world.Billing.Staff, default)).Value;
        await _world.Get<SaveSettings>().RunAsync(_world.Billing.Staff, new SettingsChanges { Billing = new BillingSettings("UTC", false, "Theirs") }, stored.Version, default);

        await page.DoAsync("form.form", element => element.SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find("[role=alert]").TextContent.ShouldContain("Someone else saved the settings"));
        page.Find("#field-paymentInstructions").GetAttribute("value").ShouldBe("Mine");
        (await _world.Get<GetSettings>().RunAsync(_world.Billing.Staff, default)).Value.Settings.PaymentInstructions.ShouldBe("Theirs");
    }

    [Fact]
    public async Task A_test_mail_goes_out_once_by_a_double_click_and_what_the_server_said_is_shown()
    {
        var page = Open("mail");
        await page.WaitForAssertionAsync(() => page.Find("dl").TextContent.ShouldContain("emails are saved as files"));
        await page.PutAsync("#field-recipient", "me@example.com");

        (await _world.TwiceAsync(() => page.Find("form.form"), "submit")).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Find(".note").TextContent.ShouldContain("me@example.com"));
        _world.Mail.To("me@example.com").ShouldHaveSingleItem().Subject.ShouldBe("Test email from Billing Portal");
        _world.Mail.Decide = _ => EmailOutcomeKind.FailedForNow;
        await page.PutAsync("#field-recipient", "you@example.com");
        await page.DoAsync("form.form", element => element.SubmitAsync());
        await page.WaitForAssertionAsync(() => page.Find("[role=alert]").TextContent.ShouldContain("the server says no"));
        (await _world.Billing.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'mail.tested'")).ShouldBe(2);
    }

    [Fact]
    public async Task What_the_configuration_file_says_is_shown_and_can_t_be_changed_here()
    {
        var page = Open("security");

        await page.WaitForAssertionAsync(() => page.Find("dl").TextContent.ShouldContain("5 wrong passwords"));
        page.Markup.ShouldContain("of the configuration file");
        page.FindAll("form").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_group_that_does_not_exist_is_the_page_for_that()
    {
        var asked = false;
        _world.Navigation.OnNotFound += (_, _) => asked = true;

        await Open("nonsense").WaitForAssertionAsync(() => asked.ShouldBeTrue());
    }

    [Fact]
    public async Task Operators_are_told_that_it_is_not_theirs()
    {
        await _world.BecomeAsync(SystemRoles.Operator);

        var page = Open(null);

        await page.WaitForAssertionAsync(() => page.Markup.ShouldContain("You don't have access to this"));
        page.FindAll("form").ShouldBeEmpty();
    }

    private IRenderedComponent<Portal.Components.Shared.PageBoundary> Open(string? tab) => _world.Open<SettingsPage>($"/admin/settings/{tab}", page => page.Add(x => x.Tab, tab));
}
