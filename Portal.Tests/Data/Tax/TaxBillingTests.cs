using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Pricing;
using Portal.Core.Settings;
using Portal.Core.Tax;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.Tax;

public sealed class TaxBillingTests : IAsyncLifetime
{
    private static readonly SellerProfile s_seller = new()
    {
        LegalName = "Example Seller Pvt Ltd", Address = "1 Example Street\nBengaluru", Country = "IN", StateCode = "29", TaxId = "29AAGCB7383J1Z4",
        LutNumber = "AD2904000", LutValidFrom = new DateOnly(2026, 4, 1), LutValidTo = new DateOnly(2027, 3, 31),
    };

    private readonly BillingWorld _world = new();

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        await _world.SettingsAsync(new PlatformSettings { Seller = s_seller });
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("29", "29AAGCB7383J1Z4", "CGST 9 595 53.55, SGST 9 595 53.55", "Karnataka (29)")]
    [InlineData("27", "27AAPFU0939F1ZV", "IGST 18 595 107.10", "Maharashtra (27)")]
    [InlineData("04", null, "IGST 18 595 107.10", "Chandigarh (04)")]
    [InlineData(null, null, "CGST 9 595 53.55, SGST 9 595 53.55", "Karnataka (29)")]
    public async Task An_invoice_in_India_is_taxed_by_its_place_of_supply(string? state, string? gstin, string taxes, string place)
    {
        await PriceAsync();
        var invoice = await BillAsync(await _world.OrganisationAsync(taxRate: null, state: state, taxId: gstin));

        string.Join(", ", invoice.Taxes.OrderBy(tax => tax.Position).Select(tax => FormattableString.Invariant($"{tax.Name} {tax.Rate:0.##} {tax.Base:0.##} {tax.Amount:0.00}"))).ShouldBe(taxes);
        (invoice.Status, invoice.Subtotal, invoice.Tax, invoice.Total).ShouldBe((InvoiceStatus.Issued, 595m, 107.10m, 702.10m));
        invoice.Lines.ShouldHaveSingleItem().TaxAmount.ShouldBe(107.10m);
        var document = (await _world.Get<GetInvoiceDocument>().RunAsync(_world.Staff, invoice.Id, default)).Value;
        (document.Title, document.PlaceOfSupply, document.ReverseCharge).ShouldBe(("Tax invoice", place, false));
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoice.Id, default)).Value.Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task An_export_waits_for_an_undertaking_in_force_and_then_carries_its_words()
    {
        await PriceAsync();
        await _world.SettingsAsync(new PlatformSettings { Seller = s_seller with { LutValidTo = new DateOnly(2026, 10, 31) } });
        var customer = await _world.OrganisationAsync(taxRate: null, country: "US", state: "NY");

        var held = await BillAsync(customer);
        (held.Status, held.HoldReason).ShouldBe((InvoiceStatus.Draft, "A tax invoice still needs a letter of undertaking (LUT) in force on the day of issue."));

        await _world.SettingsAsync(new PlatformSettings { Seller = s_seller });
        var invoice = await BillAsync(customer, withUsage: false);
        (invoice.Status, invoice.Tax, invoice.Total).ShouldBe((InvoiceStatus.Issued, 0m, 595m));
        var document = (await _world.Get<GetInvoiceDocument>().RunAsync(_world.Staff, invoice.Id, default)).Value;
        document.Notes!.ShouldStartWith("Supply meant for export under LUT");
        document.PlaceOfSupply.ShouldBe("United States, Other countries (96)");
    }

    [Fact]
    public async Task Prices_that_contain_the_tax_make_lines_without_it_that_derive_again()
    {
        await _world.Get<EndTaxRate>().RunAsync(_world.Staff, new Guid("01900000-0000-7000-8000-0000000000b1"), new DateOnly(2026, 1, 1), default);
        await RateAsync("IN", 18, inclusive: true, from: new DateOnly(2026, 1, 1));
        await PriceAsync(9.99m);
        var invoice = await BillAsync(await _world.OrganisationAsync(taxRate: null, state: "29"), quantity: 100);

        (invoice.Subtotal, invoice.Tax, invoice.Total).ShouldBe((846.62m, 152.38m, 999m));
        var line = invoice.Lines.ShouldHaveSingleItem();
        (line.Amount, line.Charge, line.TaxAmount, line.IsTaxInclusive).ShouldBe((846.62m, 999m, 152.38m, true));
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoice.Id, default)).Value.Ok.ShouldBeTrue();

        // Late usage is what the month comes to now without what was charged, tax and all.
        await _world.UsageAsync(invoice.OrganisationId, line.ProjectId!.Value, October, "api_calls", 10);
        _world.Clock.Now = new DateTimeOffset(2026, 12, 3, 6, 30, 0, TimeSpan.Zero);
        await _world.RunAsync(November, autoIssue: true, organisationId: invoice.OrganisationId);
        var late = (await _world.InvoicesAsync(invoice.OrganisationId))[^1];
        (late.Lines.ShouldHaveSingleItem().Charge, late.Total).ShouldBe((99.90m, 99.90m));
    }

    [Fact]
    public async Task Elsewhere_the_rate_of_the_country_or_region_counts_and_an_exemption_says_why()
    {
        await _world.SettingsAsync(new PlatformSettings { Seller = s_seller with { Country = "GB", StateCode = null, TaxId = "GB123456789" } });
        await RateAsync("GB", 20);
        await RateAsync("CA", 5);
        await RateAsync("CA", 13, region: "ON");
        await PriceAsync();

        (await BillAsync(await _world.OrganisationAsync(taxRate: null, country: "GB"))).Taxes.Select(tax => (tax.Name, tax.Rate, tax.Amount)).ShouldBe([("VAT", 20m, 119m)]);
        (await BillAsync(await _world.OrganisationAsync(taxRate: null, country: "CA", state: "ON"))).Tax.ShouldBe(77.35m);
        (await BillAsync(await _world.OrganisationAsync(taxRate: null, country: "CA", state: "BC"))).Tax.ShouldBe(29.75m);
        var charity = await _world.OrganisationAsync(taxRate: null, country: "GB");
        await SetAsync(charity, new OrganisationTaxInput { Country = "GB", ExemptionReason = "diplomatic mission" });
        var exempt = await BillAsync(charity);
        exempt.Tax.ShouldBe(0);
        (await _world.Get<GetInvoiceDocument>().RunAsync(_world.Staff, exempt.Id, default)).Value.Notes.ShouldBe("No tax is charged: diplomatic mission");
    }

    [Fact]
    public async Task A_draft_whose_tax_has_changed_before_its_issue_is_held_and_made_anew()
    {
        await PriceAsync();
        var customer = await _world.OrganisationAsync(taxRate: null, state: "29");
        var draft = await BillAsync(customer, issue: false);
        await SetAsync(customer, new OrganisationTaxInput { Country = "IN", StateCode = "27", TaxId = "27AAPFU0939F1ZV", Address = "2 Road" });

        var refused = await _world.Get<IssueInvoice>().RunAsync(_world.Staff, draft.Id, default);
        refused.Failure.Code.ShouldBe("invoice_held");
        refused.Failure.Message.ShouldContain("Run the month again");

        var anew = await BillAsync(customer, withUsage: false);
        (anew.Status, anew.Taxes.Single().Name).ShouldBe((InvoiceStatus.Issued, "IGST"));
        anew.Customer!.ShouldContain("27AAPFU0939F1ZV");
    }

    [Fact]
    public async Task A_profile_is_kept_by_days_and_two_of_one_day_are_refused_by_the_database()
    {
        var customer = await _world.OrganisationAsync(taxRate: null, state: "29");
        await SetAsync(customer, new OrganisationTaxInput { Country = "IN", StateCode = "27", EffectiveFrom = new DateOnly(2026, 12, 1) });
        await SetAsync(customer, new OrganisationTaxInput { Country = "IN", StateCode = "33", EffectiveFrom = new DateOnly(2026, 11, 15) });

        var view = (await _world.Get<GetOrganisationTax>().RunAsync(_world.Staff, customer.Id, default)).Value;
        view.Versions.Select(version => (version.EffectiveFrom, version.EffectiveTo, version.StateCode)).ShouldBe(
        [
            (new DateOnly(2026, 12, 1), (DateOnly?)null, "27"),
            (new DateOnly(2026, 11, 15), new DateOnly(2026, 12, 1), "33"),
            (new DateOnly(2026, 11, 2), new DateOnly(2026, 11, 15), "29"),
        ]);
        (view.Current.StateCode, view.Treatment.Kind).ShouldBe(("29", SupplyKind.IntraState));
        await Should.ThrowAsync<Npgsql.PostgresException>(() => _world.SqlAsync("UPDATE organisation_tax_profiles SET effective_to = NULL WHERE organisation_id = $1", customer.Id));
    }

    [Fact]
    public async Task Customers_change_their_number_state_and_address_and_nothing_else()
    {
        var customer = await _world.OrganisationAsync(taxRate: null, state: "29");
        var set = _world.Get<SetOrganisationTax>();

        (await set.RunAsync(_world.Customer(customer.Id), customer.Id, new OrganisationTaxInput { StateCode = "27", TaxId = "27AAPFU0939F1ZV", Address = "2 Road" }, default)).Failures.ShouldBeEmpty();
        (await set.RunAsync(_world.Customer(customer.Id), customer.Id, new OrganisationTaxInput { StateCode = "27", TaxId = "27AAPFU0939F1ZV", OwnRate = 0 }, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await set.RunAsync(_world.Customer(customer.Id), customer.Id, new OrganisationTaxInput { StateCode = "27", TaxId = "27AAPFU0939F1ZW" }, default)).Failure.Field.ShouldBe("taxId");
        var other = await _world.OrganisationAsync(taxRate: null);
        (await set.RunAsync(_world.Customer(customer.Id), other.Id, new OrganisationTaxInput { StateCode = "27" }, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);

        var kept = (await _world.Get<GetOrganisationTax>().RunAsync(_world.Customer(customer.Id), customer.Id, default)).Value;
        (kept.Current.TaxId, kept.Treatment.Kind).ShouldBe(("27AAPFU0939F1ZV", SupplyKind.InterState));
    }

    [Fact]
    public async Task The_seller_s_versions_decide_by_day_and_the_settings_follow()
    {
        var view = (await _world.Get<SetSellerTax>().RunAsync(_world.Staff, s_seller with { LegalName = "Renamed Seller Ltd" }, new DateOnly(2026, 12, 1), default)).Value;

        view.Versions.Select(version => (version.EffectiveFrom, version.Profile.LegalName)).ShouldBe([(new DateOnly(2026, 12, 1), "Renamed Seller Ltd"), (new DateOnly(2000, 1, 1), "Example Seller Pvt Ltd")]);
        view.Current.LegalName.ShouldBe("Example Seller Pvt Ltd");
        await PriceAsync();
        (await BillAsync(await _world.OrganisationAsync(taxRate: null))).Seller!.ShouldContain("Example Seller Pvt Ltd");
        _world.Clock.Now = new DateTimeOffset(2026, 12, 3, 6, 30, 0, TimeSpan.Zero);
        (await BillAsync(await _world.OrganisationAsync(taxRate: null))).Seller!.ShouldContain("Renamed Seller Ltd");
    }

    [Fact]
    public async Task Two_rates_of_one_scope_are_never_in_force_on_one_day_and_a_rate_only_ends()
    {
        var create = _world.Get<CreateTaxRate>();
        (await create.RunAsync(_world.Staff, Input("GB", 20, new DateOnly(2026, 1, 1)), default)).Failures.ShouldBeEmpty();
        (await create.RunAsync(_world.Staff, Input("GB", 21, new DateOnly(2026, 6, 1)), default)).Failure.Code.ShouldBe("tax_rate_overlap");
        (await create.RunAsync(_world.Staff, Input("GB", 21, new DateOnly(2026, 6, 1)) with { Region = "SCT" }, default)).Failures.ShouldBeEmpty();
        (await create.RunAsync(_world.Staff, new TaxRateInput { Country = "Britain", Rate = 101 }, default)).Failures.Select(failure => failure.Field).ShouldBe(["country", "label", "rate", "effectiveFrom"]);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => _world.SqlAsync("UPDATE tax_rates SET rate = 1"));
        await Should.ThrowAsync<Npgsql.PostgresException>(() => _world.SqlAsync("DELETE FROM tax_rates"));
    }

    [Fact]
    public async Task Another_currency_is_converted_at_the_rate_of_the_period_s_last_day_and_the_line_keeps_it()
    {
        await _world.PriceAsync(new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "USD", Model = "standard", Price = 0.1235m, HsnSac = "998315", EffectiveFrom = new DateOnly(2026, 1, 1) });
        await ExchangeAsync("USD", "INR", 80, new DateOnly(2026, 9, 1));
        await ExchangeAsync("USD", "INR", 83.125m, new DateOnly(2026, 10, 31));
        await ExchangeAsync("USD", "INR", 90, new DateOnly(2026, 11, 1));
        var customer = await _world.OrganisationAsync(taxRate: null, state: "29");

        var invoice = await BillAsync(customer, quantity: 100);

        var line = invoice.Lines.ShouldHaveSingleItem();
        (line.OriginalAmount, line.OriginalCurrency, line.ExchangeRate, line.ExchangeRateDay, line.Amount).ShouldBe((12.35m, "USD", 83.125m, new DateOnly(2026, 10, 31), 1026.59m));
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoice.Id, default)).Value.Ok.ShouldBeTrue();

        // Late usage is the difference in the price's currency, at the rate of its own invoice.
        await _world.UsageAsync(customer.Id, line.ProjectId!.Value, October, "api_calls", 100);
        _world.Clock.Now = new DateTimeOffset(2026, 12, 3, 6, 30, 0, TimeSpan.Zero);
        await _world.RunAsync(November, autoIssue: true, organisationId: customer.Id);
        var late = (await _world.InvoicesAsync(customer.Id))[^1].Lines.ShouldHaveSingleItem();
        (late.OriginalAmount, late.ExchangeRate, late.Amount).ShouldBe((12.35m, 90m, 1111.50m));
    }

    [Fact]
    public async Task An_import_keeps_good_rows_and_names_bad_ones()
    {
        const string Csv = """
            base,target,rate,effectiveFrom,effectiveTo,source
            USD,INR,83.1250,2026-10-01,,RBI
            USD,INR,84.0000,2026-11-01,,RBI
            USD,XXX,1,2026-10-01,,
            USD,INR,abc,2026-10-05,,
            EUR,INR,90,2026-13-01,,
            USD,INR,85,2026-10-15,2026-10-20,
            """;

        var outcome = (await _world.Get<ImportExchangeRates>().RunAsync(_world.Staff, Csv, "file", default)).Value;

        outcome.Kept.ShouldBe(2);
        outcome.Refused.Select(row => (row.Line, row.Message)).ShouldBe(
        [
            (4, "Enter an ISO 4217 code, such as INR."),
            (5, "The rate must be a number such as 83.1250."),
            (6, "The first day must be a date such as 2026-10-01."),
            (7, "Another rate for this pair overlaps these dates."),
        ]);
        (await _world.Get<ImportExchangeRates>().RunAsync(_world.Staff, "a,b\n1,2", "file", default)).Failure.Field.ShouldBe("csv");
        var kept = (await _world.Get<ListExchangeRates>().RunAsync(_world.Staff, new ExchangeRateFilter(), new ListRequest { Sort = "effectiveFrom" }, default)).Value.Items;
        kept.Select(rate => (rate.Rate, rate.EffectiveTo)).ShouldBe([(83.125m, (DateOnly?)new DateOnly(2026, 11, 1)), (84m, null)]);
        (await _world.Get<ListExchangeRateGaps>().RunAsync(_world.Staff, default)).Value.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sales_in_another_currency_are_filed_at_the_rate_of_the_day_of_issue_and_not_at_all_without_one()
    {
        await PriceAsync(currency: "USD");
        await BillAsync(await _world.OrganisationAsync("USD", taxRate: null, country: "US"));
        (await _world.Get<ReportHsnSummary>().RunAsync(_world.Staff, November, default)).Value.ShouldHaveSingleItem().Filed.ShouldBeNull();

        await ExchangeAsync("USD", "INR", 83.125m, new DateOnly(2026, 11, 1));

        var row = (await _world.Get<ReportHsnSummary>().RunAsync(_world.Staff, November, default)).Value.ShouldHaveSingleItem();
        (row.Currency, row.Taxable, row.FiledIn, row.Filed).ShouldBe(("USD", 595m, "INR", 49459.38m));
    }

    [Fact]
    public async Task The_month_s_reports_sum_by_code_and_count_the_numbers()
    {
        await PriceAsync();
        await BillAsync(await _world.OrganisationAsync(taxRate: null, state: "29"));
        var inter = await BillAsync(await _world.OrganisationAsync(taxRate: null, state: "27"));
        await _world.Get<VoidInvoice>().RunAsync(_world.Staff, new VoidInvoiceRequest((await BillAsync(await _world.OrganisationAsync(taxRate: null, state: "27"))).Id, "A mistake"), default);

        var hsn = (await _world.Get<ReportHsnSummary>().RunAsync(_world.Staff, November, default)).Value.ShouldHaveSingleItem();
        (hsn.HsnSac, hsn.Rate, hsn.Quantity, hsn.Taxable, hsn.Integrated, hsn.Central, hsn.State, hsn.Total).ShouldBe(("998315", 18m, 1190m, 1190m, 107.10m, 53.55m, 53.55m, 1404.20m));
        (hsn.FiledIn, hsn.Filed).ShouldBe(("INR", 1190m));
        var documents = (await _world.Get<ReportDocumentsIssued>().RunAsync(_world.Staff, November, default)).Value.ShouldHaveSingleItem();
        (documents.From, documents.To, documents.Total, documents.Cancelled, documents.Net, documents.Missing).ShouldBe(("INV/26-27/000001", "INV/26-27/000003", 3L, 1L, 2L, 0L));
        (await _world.Get<ReportHsnSummary>().RunAsync(_world.Staff, October, default)).Value.ShouldBeEmpty();
        (await _world.Get<ReportHsnSummary>().RunAsync(_world.Customer(inter.OrganisationId), November, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    private Task<Guid> PriceAsync(decimal price = 1, string currency = "INR") =>
        _world.PriceAsync(new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = currency, Model = "standard", Price = price, HsnSac = "998315", EffectiveFrom = new DateOnly(2026, 1, 1) });

    private async Task<Invoice> BillAsync(Organisation customer, decimal quantity = 595, bool withUsage = true, bool issue = true)
    {
        var month = _world.Clock.Now.Month == 12 ? November : October;
        if (withUsage)
            await _world.UsageAsync(customer.Id, await _world.ProjectAsync(customer.Id), month, "api_calls", quantity);
        await _world.RunAsync(month, autoIssue: issue, organisationId: customer.Id);
        return (await _world.InvoicesAsync(customer.Id))[^1];
    }

    private async Task SetAsync(Organisation customer, OrganisationTaxInput input) =>
        (await _world.Get<SetOrganisationTax>().RunAsync(_world.Staff, customer.Id, input, default)).Failures.ShouldBeEmpty();

    private async Task RateAsync(string country, decimal rate, string? region = null, bool inclusive = false, DateOnly? from = null) =>
        (await _world.Get<CreateTaxRate>().RunAsync(_world.Staff, Input(country, rate, from ?? new DateOnly(2020, 1, 1)) with { Region = region, IsInclusive = inclusive }, default)).Failures.ShouldBeEmpty();

    private async Task ExchangeAsync(string from, string to, decimal rate, DateOnly day) =>
        (await _world.Get<CreateExchangeRate>().RunAsync(_world.Staff, new ExchangeRateInput { BaseCurrency = from, TargetCurrency = to, Rate = rate, EffectiveFrom = day, Source = "test" }, default)).Failures.ShouldBeEmpty();

    private static TaxRateInput Input(string country, decimal rate, DateOnly from) => new() { Country = country, Label = "VAT", Rate = rate, EffectiveFrom = from };
}
