using Bunit;
using Portal.Components.Admin.ExchangeRates;
using Portal.Components.Admin.Organisations;
using Portal.Components.Admin.Tax;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Tax;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Tax;

[Covers(typeof(TaxRatesPage), typeof(NewTaxRatePage), typeof(TaxReportsPage), typeof(ExchangeRatesPage), typeof(NewExchangeRatePage), typeof(ImportExchangeRatesPage))]
public sealed class TaxPagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_rates_are_listed_and_one_is_ended()
    {
        var page = _world.Pages.Render<TaxRatesPage>();
        await page.WaitForAssertionAsync(() => page.Rows("Tax rates").ShouldHaveSingleItem().ShouldContain("GST 18%"));

        await page.PressAsync("End");
        await page.PutAsync("#end-day", "2027-01-01");
        await page.PressAsync("End tax rate", "dialog");

        await page.WaitForAssertionAsync(() => page.Rows("Tax rates").ShouldHaveSingleItem().ShouldContain("31 Dec 2026"));
    }

    [Fact]
    public async Task A_rate_is_made_once_by_a_double_click()
    {
        var page = _world.Pages.Render<NewTaxRatePage>();
        await page.PutAsync("#field-country", "GB");
        await page.PutAsync("#field-label", "VAT");
        await page.PutAsync("#field-rate", "20");
        await page.PutAsync("#field-effectiveFrom", "2026-01-01");

        (await _world.TwiceAsync(() => page.Find("form"), "submit")).ShouldBe(1);

        await page.WaitForAssertionAsync(() => _world.Navigation.Uri.ShouldEndWith("/admin/tax-rates"));
        var rates = (await _world.Get<ListTaxRates>().RunAsync(_world.Billing.Staff, new TaxRateFilter("GB"), new ListRequest(), default)).Value.Items;
        rates.ShouldHaveSingleItem().Rate.ShouldBe(20);
    }

    [Fact]
    public async Task What_is_wrong_with_a_rate_stands_beside_its_field()
    {
        var page = _world.Pages.Render<NewTaxRatePage>();
        await page.PutAsync("#field-hsnSac", "9x");
        await page.PutAsync("#field-rate", "101");

        await page.DoAsync("form", element => element.SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find("#field-hsnSac-error").TextContent.ShouldContain("2 to 8 digits"));
        page.Find("#field-rate-error").TextContent.ShouldContain("0 to 100");
        page.Find("#field-hsnSac").GetAttribute("value").ShouldBe("9x");
    }

    [Fact]
    public async Task The_reports_of_a_month_sum_what_was_issued_and_offer_files()
    {
        await Books.KeepAsync(_world);

        var page = _world.Pages.Render<TaxReportsPage>();

        await page.WaitForAssertionAsync(() => page.Rows("Documents issued").ShouldHaveSingleItem()[2].ShouldBe("INV/26-27/000001"));
        await page.WaitForAssertionAsync(() => page.Rows("HSN summary").ShouldHaveSingleItem()[4].ShouldBe("₹100.00"));
        page.FindAll("a[href*='.csv']").Select(link => link.GetAttribute("href")).ShouldBe(["/admin/billing/tax-reports/hsn.csv?month=2026-11", "/admin/billing/tax-reports/documents.csv?month=2026-11"]);
    }

    [Fact]
    public async Task Exchange_rates_are_listed_with_the_days_that_lack_one()
    {
        await KeepAsync(83.125m, new DateOnly(2026, 9, 1), new DateOnly(2026, 10, 1));
        await KeepAsync(84, new DateOnly(2026, 10, 3), null);

        var page = _world.Pages.Render<ExchangeRatesPage>();

        await page.WaitForAssertionAsync(() => page.Rows("Exchange rates").Count.ShouldBe(2));
        await page.WaitForAssertionAsync(() => page.Find(".note").TextContent.ShouldContain("USD to INR"));
        page.Rows("Exchange rates").Select(row => row[0]).ShouldBe(["1 USD = 84 INR", "1 USD = 83.125 INR"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_rate_is_kept_and_the_one_before_ends()
    {
        await KeepAsync(83, new DateOnly(2026, 9, 1), null);
        var page = _world.Pages.Render<NewExchangeRatePage>();
        await page.PutAsync("#field-rate", "84.5");
        await page.PutAsync("#field-effectiveFrom", "2026-11-01");

        (await _world.TwiceAsync(() => page.Find("form"), "submit")).ShouldBe(1);

        await page.WaitForAssertionAsync(() => _world.Navigation.Uri.ShouldEndWith("/admin/exchange-rates"));
        var rates = (await _world.Get<ListExchangeRates>().RunAsync(_world.Billing.Staff, new ExchangeRateFilter(), new ListRequest { Sort = "effectiveFrom" }, default)).Value.Items;
        rates.Select(rate => (rate.Rate, rate.EffectiveTo)).ShouldBe([(83m, (DateOnly?)new DateOnly(2026, 11, 1)), (84.5m, null)]);
    }

    [Fact]
    public async Task An_import_says_what_was_kept_and_leaves_what_was_refused()
    {
        var page = _world.Pages.Render<ImportExchangeRatesPage>();
        await page.PutAsync("#field-csv", "base,target,rate,effectiveFrom\nUSD,INR,83,2026-10-01\nUSD,INR,zero,2026-10-02");

        await page.DoAsync("form", element => element.SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find("[role=status]:not([data-draft-note])").TextContent.ShouldContain("1 rate imported, 1 row rejected"));
        page.Rows("Rejected rows").ShouldHaveSingleItem()[0].ShouldBe("3");
        page.Find("#field-csv").GetAttribute("value")!.ShouldContain("zero");
    }

    [Fact]
    public async Task Staff_keep_a_customer_s_profile_and_see_what_follows_from_it()
    {
        var customer = await _world.Billing.OrganisationAsync(taxRate: null, state: "29");
        var page = _world.Pages.Render<OrganisationTax>(it => it.Add(x => x.OrganisationId, customer.Id).Add(x => x.Call, _ => Task.FromResult(_world.Billing.Staff)));
        await page.WaitForAssertionAsync(() => page.FindAll("#field-taxId").ShouldHaveSingleItem());
        await page.PutAsync("#field-taxId", "27AAPFU0939F1ZV");

        await page.DoAsync("form", element => element.SubmitAsync());
        await page.WaitForAssertionAsync(() => page.Find("#field-taxId-error").TextContent.ShouldContain("starts with 29"));
        await page.PutAsync("#field-stateCode", "27");
        await page.DoAsync("form", element => element.SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Rows("Versions, newest first").Count.ShouldBe(2));
        page.Markup.ShouldContain("AAPFU0939F");
    }

    private async Task KeepAsync(decimal rate, DateOnly from, DateOnly? to) => (await _world.Get<CreateExchangeRate>().RunAsync(
        _world.Billing.Staff, new ExchangeRateInput { BaseCurrency = "USD", TargetCurrency = "INR", Rate = rate, EffectiveFrom = from, EffectiveTo = to }, default)).Failures.ShouldBeEmpty();
}
