using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Organisations;
using Portal.Core.Pricing;
using Portal.Core.Settings;
using Portal.Core.Tax;
using Portal.Documents;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Documents;

/// <summary>What is billed, printed: each way of being taxed, from usage to paper.</summary>
public sealed class TaxPdfTests : IAsyncLifetime
{
    private static readonly SellerProfile s_india = new()
    {
        LegalName = "Example Metering Pvt Ltd", Address = "12 Example Road\nBengaluru 560001", Country = "IN", StateCode = "29", TaxId = "29AAGCB7383J1Z4",
        LutNumber = "AD290426000000A", LutValidFrom = new DateOnly(2026, 4, 1), LutValidTo = new DateOnly(2027, 3, 31), Email = "accounts@example.com",
    };

    private readonly BillingWorld _world = new();
    private readonly TypstPool _pool = DocumentEngine.Pool();

    public Task InitializeAsync() => _world.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _pool.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Within_a_state_CGST_and_SGST_stand_beside_each_other()
    {
        await SellAsync(s_india);
        var text = await PrintAsync("tax-intra", await _world.OrganisationAsync(taxRate: null, state: "29", taxId: "29AAGCB7383J1Z4"));

        text.ShouldContain("Tax invoice");
        text.ShouldMatch(@"Place of supply\s+Karnataka \(29\)");
        text.ShouldMatch(@"Reverse charge\s+No");
        text.ShouldMatch(@"CGST\s+9%\s+₹595\.00\s+₹53\.55");
        text.ShouldMatch(@"SGST\s+9%\s+₹595\.00\s+₹53\.55");
        text.ShouldContain("998315");
    }

    [Fact]
    public async Task To_another_state_it_is_IGST()
    {
        await SellAsync(s_india);
        var text = await PrintAsync("tax-inter", await _world.OrganisationAsync(taxRate: null, state: "27", taxId: "27AAPFU0939F1ZV"));

        text.ShouldMatch(@"Place of supply\s+Maharashtra \(27\)");
        text.ShouldMatch(@"IGST\s+18%\s+₹595\.00\s+₹107\.10");
        text.ShouldNotContain("CGST");
    }

    [Fact]
    public async Task An_export_carries_the_words_of_the_undertaking_and_a_conversion()
    {
        await SellAsync(s_india, currency: "USD", price: 0.1m);
        await _world.Get<CreateExchangeRate>().RunAsync(_world.Staff, new ExchangeRateInput { BaseCurrency = "USD", TargetCurrency = "EUR", Rate = 0.8625m, EffectiveFrom = new DateOnly(2026, 10, 1), Source = "Reference rate" }, default);
        var text = await PrintAsync("tax-export", await _world.OrganisationAsync(currency: "EUR", taxRate: null, country: "DE"));

        text.ShouldMatch(@"Supply meant for export under LUT without payment\s+.*of integrated tax\. LUT AD290426000000A");
        text.ShouldContain("Germany, Other countries (96)");
        text.ShouldContain("at 0.8625 on 31 Oct 2026");
        text.ShouldNotContain("Tax summary");
    }

    [Theory]
    [InlineData("tax-vat", false, @"VAT\s+20%\s+£595\.00\s+£119\.00", "£714.00")]
    [InlineData("tax-vat-inclusive", true, @"VAT\s+20%\s+£495\.83\s+£99\.17", "£595.00")]
    public async Task VAT_comes_on_top_or_is_contained(string name, bool inclusive, string taxes, string total)
    {
        await SellAsync(s_india with { LegalName = "Example Metering Ltd", Country = "GB", StateCode = null, TaxId = "GB123456789", Address = "1 Example Lane\nLondon" }, "GBP");
        (await _world.Get<CreateTaxRate>().RunAsync(_world.Staff, new TaxRateInput { Country = "GB", Label = "VAT", Rate = 20, IsInclusive = inclusive, EffectiveFrom = new DateOnly(2020, 1, 1) }, default)).Failures.ShouldBeEmpty();
        var text = await PrintAsync(name, await _world.OrganisationAsync(currency: "GBP", taxRate: null, country: "GB"));

        text.ShouldMatch(taxes);
        text.ShouldContain(total);
        text.ShouldNotContain("Place of supply");
        if (inclusive)
            text.ShouldMatch(@"Tax included in the price, 20%\s+[-−]£99\.17");
    }

    private async Task SellAsync(SellerProfile seller, string currency = "INR", decimal price = 1)
    {
        await _world.SettingsAsync(new PlatformSettings { Seller = seller, PaymentInstructions = "By bank transfer: Example Bank, account 000000000000." });
        await _world.PriceAsync(new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = currency, Model = "standard", Price = price, HsnSac = "998315", EffectiveFrom = new DateOnly(2026, 1, 1) });
    }

    private async Task<string> PrintAsync(string name, Organisation customer)
    {
        await _world.UsageAsync(customer.Id, await _world.ProjectAsync(customer.Id, "Shop"), October, "api_calls", 595, 3);
        await _world.RunAsync(October, autoIssue: true);
        var invoice = (await _world.InvoicesAsync(customer.Id)).Single();
        invoice.Status.ShouldBe(InvoiceStatus.Issued, invoice.HoldReason);
        var document = (await _world.Get<GetInvoiceDocument>().RunAsync(_world.Staff, invoice.Id, default)).Value;
        var pdf = await new TypstInvoicePdf(_pool).RenderAsync(document, default);
        await DocumentEngine.KeepAsync(name, pdf);
        return await DocumentEngine.TextAsync(pdf);
    }
}
