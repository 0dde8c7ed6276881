using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.Currencies;
using Portal.Core.Discounts;
using Portal.Core.Health;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Plans;
using Portal.Data.Health;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.Analytics;

/// <summary>Recurring revenue as a log, and revenue and cohorts as tables, kept from what really happened.</summary>
public sealed class KeptAnalyticsTests : IAsyncLifetime
{
    private static readonly CallContext s_job = CallContext.System("keep", "Test.");

    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Opening_and_movements_are_the_closing_of_each_month_and_currency()
    {
        var (one, two, dollars) = (await _world.OrganisationAsync(), await _world.OrganisationAsync(), await _world.OrganisationAsync("USD"));
        var (basic, pro, year) = (await PlanAsync("basic", 300), await PlanAsync("pro", 600), await PlanAsync("year", 1_200, "USD", "year"));
        var first = await SubscribeAsync(one.Id, basic);
        await SubscribeAsync(two.Id, pro);
        await SubscribeAsync(dollars.Id, year);
        (await KeepAsync()).ShouldBe(3);
        On(new DateOnly(2026, 11, 16));
        (await _world.Get<ChangeSubscription>().RunAsync(_world.Staff, first, pro, ChangeTiming.Now, default)).Failures.ShouldBeEmpty();
        (await KeepAsync()).ShouldBe(1);
        On(new DateOnly(2026, 12, 5));
        (await _world.Get<CancelSubscription>().RunAsync(_world.Staff, first, ChangeTiming.Now, "Gone", default)).Failures.ShouldBeEmpty();
        (await KeepAsync()).ShouldBe(1);

        var report = await MrrAsync(2);

        report.Currencies.Select(one => (one.Currency, one.Mrr, one.Customers)).ShouldBe([("INR", 600m, 1), ("USD", 100m, 1)]);
        var rupees = report.Currencies[0].Months;
        rupees.Select(month => (month.Month.ToString(), month.Opening, month.Closing)).ShouldBe([("2026-11", 0m, 1_200m), ("2026-12", 1_200m, 600m)]);
        (rupees[0].Of(MrrMovementKind.New), rupees[0].Of(MrrMovementKind.Expansion), rupees[1].Of(MrrMovementKind.Churn)).ShouldBe((900m, 300m, -600m));
        (report.SellerCurrency, report.Total).ShouldBe(("INR", null));
        var rate = new ExchangeRateInput { BaseCurrency = "USD", TargetCurrency = "INR", Rate = 80, EffectiveFrom = new DateOnly(2026, 1, 1), Source = "manual" };
        (await _world.Get<CreateExchangeRate>().RunAsync(_world.Staff, rate, default)).Failures.ShouldBeEmpty();
        (await MrrAsync(2)).ShouldSatisfyAllConditions(again => again.Total.ShouldBe(8_600m), again => again.RateDay.ShouldBe(new DateOnly(2026, 12, 5)));
        (await _world.Get<GetMrrNow>().RunAsync(_world.Staff, default)).Value.ShouldBe([new AmountByCurrency("INR", 600, 1), new AmountByCurrency("USD", 100, 1)]);
    }

    [Fact]
    public async Task A_job_that_runs_twice_and_at_once_writes_each_movement_once()
    {
        for (var index = 0; index < 5; index++)
            await SubscribeAsync((await _world.OrganisationAsync()).Id, await PlanAsync($"plan-{index}", 100 + index));

        var written = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => KeepAsync()));
        await KeepAsync();

        written.Sum().ShouldBe(5);
        (await _world.ScalarAsync<long>("SELECT count(*) FROM mrr_movements")).ShouldBe(5);
        (await _world.ScalarAsync<decimal>("SELECT sum(amount) FROM mrr_months")).ShouldBe(510);
    }

    [Theory]
    [InlineData("UPDATE mrr_movements SET amount = amount + 1")]
    [InlineData("DELETE FROM mrr_movements")]
    [InlineData("TRUNCATE mrr_movements")]
    [InlineData("INSERT INTO mrr_movements SELECT gen_random_uuid(), organisation_id, currency, kind, amount, mrr_after, day, month, cause, cause_key, created_at FROM mrr_movements")]
    public async Task The_database_refuses_to_change_the_log_or_to_write_a_movement_twice(string sql)
    {
        await SubscribeAsync((await _world.OrganisationAsync()).Id, await PlanAsync("basic", 300));
        await KeepAsync();

        (await Should.ThrowAsync<PostgresException>(() => _world.SqlAsync(sql))).SqlState.ShouldBeOneOf(PostgresErrorCodes.RestrictViolation, PostgresErrorCodes.UniqueViolation);
    }

    [Fact]
    public async Task Trials_stand_apart_until_they_are_paid_and_services_and_discounts_count()
    {
        var organisation = await _world.OrganisationAsync();
        await SubscribeAsync(organisation.Id, await PlanAsync("pro", 1_000), trial: 14);
        var service = new ServiceInput { OrganisationId = organisation.Id, Name = "Terminal", Type = "terminal", Quantity = 2, UnitPrice = 600, Interval = "month", IntervalCount = 3 };
        (await _world.Get<SaveService>().ActivateAsync(_world.Staff, service, default)).Failures.ShouldBeEmpty();
        await KeepAsync();
        (await MrrAsync(1)).Currencies.Single().ShouldSatisfyAllConditions(one => one.Mrr.ShouldBe(400), one => one.TrialMrr.ShouldBe(1_000));

        var half = (await _world.Get<CreateDiscount>().RunAsync(_world.Staff, new DiscountInput { Name = "Half", Kind = "percentage", Value = 50 }, default)).Value;
        var once = (await _world.Get<CreateDiscount>().RunAsync(_world.Staff, new DiscountInput { Name = "Once", Kind = "percentage", Value = 50, Periods = 1 }, default)).Value;
        On(new DateOnly(2026, 11, 18));
        foreach (var discount in new[] { half, once })
            (await _world.Get<GiveDiscount>().RunAsync(_world.Staff, new GiveDiscountRequest { OrganisationId = organisation.Id, DiscountId = discount.Id, Reason = "For the test" }, default)).Failures.ShouldBeEmpty();
        await KeepAsync();

        // 1,400 less half; what is off one month only is not recurring.
        (await MrrAsync(1)).Currencies.Single().ShouldSatisfyAllConditions(one => one.Mrr.ShouldBe(700), one => one.TrialMrr.ShouldBe(0));
        (await HoldsAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task The_health_page_s_rule_holds_through_a_history_and_finds_damage()
    {
        var organisation = await _world.OrganisationAsync();
        var id = await SubscribeAsync(organisation.Id, await PlanAsync("basic", 1_000, interval: "year"));
        await KeepAsync();
        (await HoldsAsync()).ShouldBeTrue();
        // The end of what is paid for comes by itself.
        (await _world.Get<CancelSubscription>().RunAsync(_world.Staff, id, ChangeTiming.PeriodEnd, "Enough", default)).Failures.ShouldBeEmpty();
        _world.Clock.Now = _world.Clock.Now.AddYears(1);
        await KeepAsync();
        (await HoldsAsync()).ShouldBeTrue();
        (await _world.ScalarAsync<string>("SELECT string_agg(kind, ',' ORDER BY id) FROM mrr_movements")).ShouldBe("new,churn");

        await _world.SqlAsync("SET session_replication_role = replica; UPDATE mrr_movements SET amount = amount + 1; RESET session_replication_role");

        (await HoldsAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Revenue_is_what_was_invoiced_by_metric_plan_and_country_and_a_void_invoice_takes_it_off()
    {
        await _world.PriceAsync("api_calls", 1);
        var (one, two) = (await _world.BillableAsync(quantity: 100), await _world.BillableAsync(quantity: 50));
        await SubscribeAsync(one, await PlanAsync("pro", 1_000), new DateOnly(2026, 11, 1));
        await _world.RunAsync(October, autoIssue: true);
        (await RevenueAsync()).ShouldBe(1);
        (await RevenueAsync()).ShouldBe(1, "the month in which something was issued within the hour is written again");

        (await PartsAsync(RevenueDimension.Metric)).ShouldBe([("Plan fees", 1_000m), ("api_calls (calls)", 150m)]);
        (await PartsAsync(RevenueDimension.Plan)).ShouldBe([("pro", 1_000m), ("No plan", 150m)]);
        (await PartsAsync(RevenueDimension.Country)).ShouldBe([("IN", 1_150m)]);

        On(new DateOnly(2026, 12, 3));
        var invoice = (await _world.InvoicesAsync(two)).Single();
        (await _world.Get<VoidInvoice>().RunAsync(_world.Staff, new VoidInvoiceRequest(invoice.Id, "Wrong"), default)).Failures.ShouldBeEmpty();
        await RevenueAsync();

        // November stays as it was reported; December takes it off.
        var report = (await _world.Get<GetRevenue>().RunAsync(_world.Staff, RevenueDimension.Country, 2, default)).Value;
        report.Currencies.Single().Parts.Single().Amounts.ShouldBe([1_150m, -50m]);
    }

    [Fact]
    public async Task Cohorts_count_who_is_still_invoiced_in_the_months_since()
    {
        await _world.PriceAsync("api_calls", 1);
        var (stays, leaves) = (await _world.BillableAsync(quantity: 100), await _world.BillableAsync(quantity: 50));
        await _world.RunAsync(October, autoIssue: true);
        On(new DateOnly(2026, 12, 3));
        await _world.UsageAsync(stays, await _world.ProjectAsync(stays, "second"), November, "api_calls", 70);
        await _world.BillableAsync(quantity: 30, month: November);
        await _world.RunAsync(November, autoIssue: true);
        await RevenueAsync();

        var table = (await _world.Get<GetCohorts>().RunAsync(_world.Staff, 12, default)).Value.Currencies.Single();

        table.Cohorts.Select(cohort => (cohort.Month.ToString(), cohort.Size)).ShouldBe([("2026-11", 2), ("2026-12", 1)]);
        table.Cohorts[0].Retained.ShouldBe([2, 1]);
        table.Cohorts[0].Revenue.ShouldBe([150m, 70m]);
        leaves.ShouldNotBe(stays);
    }

    [Fact]
    public async Task Who_may_not_read_analytics_is_refused()
    {
        var reader = _world.Staff with { Permissions = new HashSet<string>(Permissions.All.Except([Permissions.AnalyticsRead])) };

        (await _world.Get<GetMrr>().RunAsync(reader, 12, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<GetRevenue>().RunAsync(reader, RevenueDimension.Metric, 12, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<GetCohorts>().RunAsync(_world.Customer(Guid.CreateVersion7()), 12, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<GetMrr>().RunAsync(_world.Staff, 37, default)).Failure.Field.ShouldBe("months");
    }

    private void On(DateOnly day) => _world.Clock.Now = new DateTimeOffset(day.Year, day.Month, day.Day, 6, 30, 0, TimeSpan.Zero);

    private Task<int> KeepAsync() => _world.Get<KeepMrr>().RunAsync(s_job, default);

    private Task<int> RevenueAsync() => _world.Get<KeepRevenue>().RunAsync(s_job, default);

    private async Task<MrrReport> MrrAsync(int months) => (await _world.Get<GetMrr>().RunAsync(_world.Staff, months, default)).Value;

    private async Task<IEnumerable<(string, decimal)>> PartsAsync(RevenueDimension dimension) =>
        (await _world.Get<GetRevenue>().RunAsync(_world.Staff, dimension, 12, default)).Value.Currencies.Single().Parts.Select(part => (part.Name, part.Sum));

    private async Task<bool> HoldsAsync()
    {
        await using var node = _world.Build(services => services.AddInvariants().AddInvariantData());
        return (await node.GetRequiredService<CheckInvariants>().RunAsync(_world.Staff, default)).Value.Single(result => result.Id == "I33").Ok;
    }

    private async Task<Guid> PlanAsync(string code, decimal price, string currency = "INR", string interval = "month")
    {
        var made = await _world.Get<SavePlan>().CreateAsync(_world.Staff, new PlanInput { Code = code, Name = code, PriceAmount = price, Currency = currency, Interval = interval }, default);
        made.Succeeded.ShouldBeTrue(made.Succeeded ? null : made.Failure.Message);
        return made.Value.Id;
    }

    private async Task<Guid> SubscribeAsync(Guid organisation, Guid plan, DateOnly? day = null, int trial = 0)
    {
        var started = await _world.Get<StartSubscription>().RunAsync(_world.Staff, new StartSubscriptionRequest { OrganisationId = organisation, PlanId = plan, StartsOn = day, TrialDays = trial }, default);
        started.Succeeded.ShouldBeTrue(started.Succeeded ? null : started.Failure.Message);
        return started.Value.Id;
    }
}
