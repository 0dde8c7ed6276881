using Portal.Core.Discounts;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.Discounts;

public sealed class DiscountBillingTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_midOctober = new(2026, 10, 15, 6, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_november = new(2026, 11, 3, 6, 30, 0, TimeSpan.Zero);

    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Line_discounts_then_the_invoices_then_tax_of_what_is_left()
    {
        // 300 less 20 % of its line is 240; with 100 of the other line 340; less 10 % is 306; less 6.00 is 300; 18 % of that is 54.
        var organisation = await TwoLinesAsync(300, 100);
        await GiveAsync(organisation, new DiscountInput { Name = "A tenth", Kind = "percentage", Value = 10 });
        await GiveAsync(organisation, new DiscountInput { Name = "Six off", Kind = "amount", Value = 6, Currency = "INR" });
        await GiveAsync(organisation, new DiscountInput { Name = "A fifth of calls", Kind = "percentage", Value = 20, MetricName = "api_calls" });

        var invoice = await BilledAsync(organisation);

        (invoice.Subtotal, invoice.Discount, invoice.Tax, invoice.Total).ShouldBe((400m, 100m, 54m, 354m));
        invoice.Lines.OrderBy(line => line.Position).Select(line => (line.Amount, line.Discount)).ShouldBe([(300m, 88.24m), (100m, 11.76m)]);
        InvoiceJson.Read<LineExplanation>(invoice.Lines.Single(line => line.MetricName == "api_calls").Explanation).Discounts!.Select(part => part.Name).ShouldBe(["A fifth of calls", "A tenth", "Six off"]);
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoice.Id, default)).Value.Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task A_discount_of_one_month_is_not_taken_off_the_next()
    {
        var organisation = await TwoLinesAsync(300, 100);
        await GiveAsync(organisation, new DiscountInput { Name = "Start", Kind = "percentage", Value = 50, Periods = 1 });
        await BilledAsync(organisation);
        await _world.UsageAsync(organisation, await _world.ProjectAsync(organisation, "Second"), November, "api_calls", 50);
        _world.Clock.Now = new DateTimeOffset(2026, 12, 2, 6, 30, 0, TimeSpan.Zero);

        await _world.RunAsync(November, autoIssue: true);

        (await _world.InvoicesAsync(organisation)).Select(invoice => invoice.Discount).ShouldBe([200m, 0m]);
    }

    [Fact]
    public async Task Late_usage_of_a_month_bears_that_months_percentage_and_what_became_cheaper_is_given_back_less_it()
    {
        var organisation = await TwoLinesAsync(300, 100);
        await GiveAsync(organisation, new DiscountInput { Name = "Start", Kind = "percentage", Value = 50, Periods = 1 });
        await BilledAsync(organisation);
        await _world.SqlAsync("UPDATE usage_aggregates SET total_value = total_value + 40, event_count = event_count + 1 WHERE organisation_id = $1 AND metric_name = 'api_calls'", organisation);
        await _world.SqlAsync("UPDATE usage_aggregates SET total_value = total_value - 30, event_count = event_count + 1 WHERE organisation_id = $1 AND metric_name = 'storage'", organisation);
        _world.Clock.Now = new DateTimeOffset(2026, 12, 2, 6, 30, 0, TimeSpan.Zero);

        await _world.RunAsync(November, autoIssue: true);
        await _world.RunAsync(November, autoIssue: true);

        var late = (await _world.InvoicesAsync(organisation))[1];
        (late.Subtotal, late.Discount).ShouldBe((40m, 20m));
        (await _world.ScalarAsync<decimal>("SELECT sum(amount) FROM late_usage_credits WHERE organisation_id = $1", organisation)).ShouldBe(15m);
    }

    [Fact]
    public async Task A_code_is_for_as_many_as_it_says_and_once_for_each()
    {
        _world.Clock.Now = s_midOctober;
        await CreateAsync(new DiscountInput { Name = "Launch", Code = "launch-26", Kind = "percentage", Value = 10, MaxRedemptions = 1 });
        var (first, second) = (await _world.OrganisationAsync(), await _world.OrganisationAsync());
        var redeem = _world.Get<RedeemDiscountCode>();

        (await redeem.RunAsync(_world.Customer(first.Id), " Launch-26 ", default)).Succeeded.ShouldBeTrue();

        (await redeem.RunAsync(_world.Customer(second.Id), "LAUNCH-26", default)).Failure.Code.ShouldBe("code_not_valid");
        (await redeem.RunAsync(_world.Customer(second.Id), "NO-SUCH-CODE", default)).Failure.Code.ShouldBe("code_not_valid");
        (await _world.Get<ListOrganisationDiscounts>().RunAsync(_world.Customer(first.Id), first.Id, new ListRequest(), default)).Value.Items.ShouldHaveSingleItem().Name.ShouldBe("Launch");
        (await _world.Get<ListOrganisationDiscounts>().RunAsync(_world.Customer(second.Id), first.Id, new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task Twenty_who_enter_the_last_code_at_once_get_it_once()
    {
        _world.Clock.Now = s_midOctober;
        await CreateAsync(new DiscountInput { Name = "One", Code = "ONLY-ONE", Kind = "percentage", Value = 10, MaxRedemptions = 1 });
        var organisations = new List<Guid>();
        for (var index = 0; index < 20; index++)
            organisations.Add((await _world.OrganisationAsync()).Id);

        var results = await Task.WhenAll(organisations.Select(id => Task.Run(() => _world.Get<RedeemDiscountCode>().RunAsync(_world.Customer(id), "ONLY-ONE", default))));

        results.Count(result => result.Succeeded).ShouldBe(1);
        (await _world.ScalarAsync<int>("SELECT redemptions FROM discounts WHERE code = 'ONLY-ONE'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_discount_says_what_is_wrong_with_it()
    {
        var refused = await _world.Get<CreateDiscount>().RunAsync(
            _world.Staff, new DiscountInput { Kind = "percentage", Value = 101, Currency = "INR", Code = "a b", Unit = "calls", Periods = 0, MaxRedemptions = 0 }, default);

        refused.Failures.Select(failure => failure.Field).ShouldBe(["name", "code", "unit", "periods", "maxRedemptions", "value", "currency"]);
        (await _world.Get<CreateDiscount>().RunAsync(_world.Customer(Guid.NewGuid()), new DiscountInput(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task An_amount_of_another_currency_is_refused_when_it_is_given()
    {
        var organisation = await _world.OrganisationAsync();
        var discount = await CreateAsync(new DiscountInput { Name = "Five", Kind = "amount", Value = 5, Currency = "USD" });

        (await _world.Get<GiveDiscount>().RunAsync(_world.Staff, new GiveDiscountRequest { OrganisationId = organisation.Id, DiscountId = discount.Id, Reason = "Test" }, default))
            .Failure.Code.ShouldBe("discount_currency");
    }

    private async Task<Guid> TwoLinesAsync(decimal calls, decimal storage)
    {
        await _world.PriceAsync("api_calls", 1);
        await _world.PriceAsync("storage", 1);
        _world.Clock.Now = s_midOctober;
        var organisation = await _world.OrganisationAsync();
        var project = await _world.ProjectAsync(organisation.Id);
        await _world.UsageAsync(organisation.Id, project, October, "api_calls", calls);
        await _world.UsageAsync(organisation.Id, project, October, "storage", storage);
        return organisation.Id;
    }

    private async Task<Discount> CreateAsync(DiscountInput input)
    {
        var created = await _world.Get<CreateDiscount>().RunAsync(_world.Staff, input, default);
        created.Succeeded.ShouldBeTrue(created.Succeeded ? null : created.Failure.Message);
        return created.Value;
    }

    private async Task GiveAsync(Guid organisation, DiscountInput input)
    {
        // They are taken off in the order of giving.
        _world.Clock.Now = _world.Clock.Now.AddMilliseconds(1);
        var discount = await CreateAsync(input);
        var given = await _world.Get<GiveDiscount>().RunAsync(_world.Staff, new GiveDiscountRequest { OrganisationId = organisation, DiscountId = discount.Id, Reason = "Agreed in the contract" }, default);
        given.Succeeded.ShouldBeTrue(given.Succeeded ? null : given.Failure.Message);
    }

    private async Task<Invoice> BilledAsync(Guid organisation)
    {
        _world.Clock.Now = s_november;
        await _world.RunAsync(October, autoIssue: true);
        return (await _world.InvoicesAsync(organisation)).ShouldHaveSingleItem();
    }
}
