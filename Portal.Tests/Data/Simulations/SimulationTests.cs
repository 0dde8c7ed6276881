using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Discounts;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Core.Simulations;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.Simulations;

/// <summary>Months replayed under drafts, with numbers worked out by hand, and what is written by it.</summary>
public sealed class SimulationTests : IAsyncLifetime
{
    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_draft_in_place_of_the_price_for_everybody_says_who_pays_more_and_who_less()
    {
        await _world.PriceAsync("api_calls", 1);
        var (small, large) = (await _world.BillableAsync(quantity: 100), await _world.BillableAsync(quantity: 5_000));
        // Up to 1,000 at 1.50, all of them at 0.80 above: 100 -> 150, 5,000 -> 4,000.
        var id = await StartAsync(Price(new PriceInput { Model = "volume", Tiers = [new(1_000, 1.5m), new(null, 0.8m)] }), months: 1);

        await WorkAsync();

        var (overview, rows) = (await OverviewAsync(id), await RowsAsync(id));
        (overview.Simulation.State, overview.Simulation.Total, overview.Simulation.Done).ShouldBe((SimulationState.Completed, 2, 2));
        var sums = overview.Currencies.ShouldHaveSingleItem();
        (sums.Currency, sums.Current, sums.Simulated, sums.Difference).ShouldBe(("INR", 5_100m, 4_150m, -950m));
        (sums.Organisations, sums.More, sums.Less, sums.Same, sums.Cliffs).ShouldBe((2, 1, 1, 0, 1));
        sums.Bands.ShouldBe(new Dictionary<SimulationBand, int> { [SimulationBand.LittleLess] = 1, [SimulationBand.More] = 1 }, ignoreOrder: true);
        rows[small].ShouldSatisfyAllConditions(
            row => (row.Current, row.Simulated, row.Difference, row.Percent).ShouldBe((100m, 150m, 50m, 50m)),
            row => row.Months.ShouldBe([new SimulatedMonth("2026-10", 100, 150)]),
            row => row.Jump.ShouldBe(new SimulatedJump("2026-10", 100, 150, "api_calls", "calls", 100, null)));
        (rows[large].Current, rows[large].Simulated, rows[large].Percent, rows[large].Jump).ShouldBe((5_000m, 4_000m, -20m, null));
    }

    [Fact]
    public async Task Who_rises_by_more_than_the_limit_is_named_with_the_bound_that_was_passed()
    {
        await _world.PriceAsync("api_calls", 1);
        var organisation = await _world.BillableAsync(quantity: 900, month: new BillingMonth(2026, 9));
        await _world.UsageAsync(organisation, await _world.ProjectAsync(organisation, "second"), October, "api_calls", 1_001);
        // A stair of 900 up to 1,000 and 2,000 above: 900 stays, 1,001 becomes 2,000.
        var id = await StartAsync(Price(new PriceInput { Model = "stair-step", Steps = [new(1_000, 900), new(null, 2_000)] }), months: 2, cliff: 40);

        await WorkAsync();

        var row = (await RowsAsync(id))[organisation];
        row.Months.ShouldBe([new SimulatedMonth("2026-09", 900, 900), new SimulatedMonth("2026-10", 1_001, 2_000)]);
        row.Jump.ShouldBe(new SimulatedJump("2026-10", 1_001, 2_000, "api_calls", "calls", 1_001, 1_000));
        // 999 of 1,901 is 52.55 per cent; a higher limit names nobody.
        var calm = await StartAsync(Price(new PriceInput { Model = "stair-step", Steps = [new(1_000, 900), new(null, 2_000)] }), months: 2, cliff: 53);
        await WorkAsync();
        (await RowsAsync(calm))[organisation].Jump.ShouldBeNull();
    }

    [Fact]
    public async Task As_things_stand_is_what_the_billing_run_would_invoice_at_today_s_prices()
    {
        await _world.PriceAsync(new PriceInput { MetricName = "storage", Unit = "calls", Currency = "INR", Model = "graduated", EffectiveFrom = new DateOnly(2026, 1, 1), Tiers = [new(1_000, 0.10m, 5), new(10_000, 0.05m), new(null, 0.01m, 20)] });
        await _world.PriceAsync("api_calls", 0.125m);
        var organisation = await _world.OrganisationAsync();
        var project = await _world.ProjectAsync(organisation.Id);
        await _world.UsageAsync(organisation.Id, project, October, "storage", 12_000);
        await _world.UsageAsync(organisation.Id, project, October, "api_calls", 29.5m);
        var tenth = (await _world.Get<CreateDiscount>().RunAsync(_world.Staff, new DiscountInput { Name = "A tenth", Kind = "percentage", Value = 10 }, default)).Value;
        var given = new GiveDiscountRequest { OrganisationId = organisation.Id, DiscountId = tenth.Id, Year = 2026, Month = 10, Reason = "For the test" };
        (await _world.Get<GiveDiscount>().RunAsync(_world.Staff, given, default)).Failures.ShouldBeEmpty();

        var id = await StartAsync(Price(new PriceInput { Model = "standard", Price = 0.25m }), months: 1);
        await WorkAsync();
        await _world.RunAsync(October);

        var invoice = (await _world.InvoicesAsync(organisation.Id)).ShouldHaveSingleItem();
        var row = (await RowsAsync(id))[organisation.Id];
        row.Current.ShouldBe(invoice.Subtotal - invoice.Discount);
        // 595.00 + 7.38, less a tenth of 602.38.
        row.Simulated.ShouldBe(602.38m - 60.24m);
    }

    [Fact]
    public async Task A_more_specific_price_comes_first_on_both_sides()
    {
        await _world.PriceAsync("api_calls", 1);
        var own = await _world.BillableAsync();
        await _world.PriceAsync("api_calls", 0.5m, own);
        var other = await _world.BillableAsync();

        var everybody = await StartAsync(Price(new PriceInput { Model = "standard", Price = 2 }), months: 1);
        var one = await StartAsync(Price(new PriceInput { Model = "standard", Price = 3, OrganisationId = own }), months: 1);
        await WorkAsync();

        (await RowsAsync(everybody)).ToDictionary(row => row.Key, row => (row.Value.Current, row.Value.Simulated)).ShouldBe(new Dictionary<Guid, (decimal, decimal)> { [own] = (50, 50), [other] = (100, 200) }, ignoreOrder: true);
        (await RowsAsync(one)).ToDictionary(row => row.Key, row => (row.Value.Current, row.Value.Simulated)).ShouldBe(new Dictionary<Guid, (decimal, decimal)> { [own] = (50, 300), [other] = (100, 100) }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_draft_plan_takes_the_place_of_its_plan_alone_and_a_yearly_fee_counts_a_twelfth()
    {
        var (pro, basic) = (await PlanAsync("pro", 1_000, 500), await PlanAsync("basic", 300));
        await _world.PriceAsync(new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = 1, PlanId = pro, EffectiveFrom = new DateOnly(2026, 1, 1) });
        await _world.PriceAsync("api_calls", 2);
        var (one, two) = (await _world.BillableAsync(), await _world.BillableAsync());
        await SubscribeAsync(one, pro);
        await SubscribeAsync(two, basic);

        // Pro for 9,000 a year without a promise, its calls at 4: 750 + 400 instead of 1,000 + 100 + 400 to the promise.
        var id = await StartAsync(
            new SimulationDraft
            {
                Plan = new PlanDraft { PlanId = pro, PriceAmount = 9_000, Interval = "year", MinimumCommitment = 0, Prices = [new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = 4 }] },
            },
            months: 1);
        await WorkAsync();

        var rows = await RowsAsync(id);
        (rows[one].Current, rows[one].Simulated).ShouldBe((1_500m, 1_150m));
        (rows[two].Current, rows[two].Simulated).ShouldBe((500m, 500m));
    }

    [Fact]
    public async Task Nothing_is_written_but_the_result()
    {
        await _world.PriceAsync("api_calls", 1);
        var organisation = await _world.BillableAsync();
        await SubscribeAsync(organisation, await PlanAsync("pro", 1_000, 500));
        var id = await StartAsync(Price(new PriceInput { Model = "standard", Price = 2 }), months: 3);
        var before = await CountsAsync();

        await WorkAsync();

        (await OverviewAsync(id)).Simulation.State.ShouldBe(SimulationState.Completed);
        var after = await CountsAsync();
        after.Keys.Where(table => after[table] != before[table]).ShouldBe(["simulation_results", "simulations"]);
    }

    [Fact]
    public async Task What_is_replayed_is_read_in_a_session_that_cannot_write()
    {
        await using var db = await _world.Store.OpenAsync(new AccessScope.System("test"), default);
        await _world.Get<ISimulationInputs>().LoadAsync(db, [], new SimulationSpan(October, October, new DateOnly(2026, 11, 3)), _world.Clock.Now, default);

        (await Should.ThrowAsync<Exception>(() => db.InsertManyAsync([Simulation.Queue(Price(new PriceInput()), "x", new SimulationSpan(October, October, new DateOnly(2026, 11, 3)), null, 1, "x", _world.Clock.Now)], default)))
            .ShouldBeAssignableTo<PostgresException>()!.SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
    }

    [Fact]
    public async Task Killed_in_the_middle_another_node_goes_on_with_what_is_left()
    {
        await _world.PriceAsync("api_calls", 1);
        for (var index = 0; index < 7; index++)
            await _world.BillableAsync();
        var id = await StartAsync(Price(new PriceInput { Model = "standard", Price = 2 }), months: 1);
        using var shutdown = new CancellationTokenSource();
        // The node dies as it reads its second chunk; its lease is not given back.
        await using var dying = _world.Build(services => services.AddSingleton<ISimulationInputs>(new DyingInputs(_world.Get<ISimulationInputs>(), 2)), chunkSize: 3);
        (await dying.GetRequiredService<RunSimulation>().RunNextAsync(default)).ShouldBeTrue();
        (await OverviewAsync(id)).Simulation.Done.ShouldBe(3);
        (await _world.Get<RunSimulation>().RunNextAsync(default)).ShouldBeFalse("the lease has not ended");

        _world.Clock.Now = _world.Clock.Now.AddSeconds(61);
        await WorkAsync();

        var overview = await OverviewAsync(id);
        (overview.Simulation.State, overview.Simulation.Done, overview.Simulation.Failed).ShouldBe((SimulationState.Completed, 7, 0));
        overview.Currencies.Single().Simulated.ShouldBe(1_400);
    }

    [Fact]
    public async Task Called_off_it_stops_at_the_next_step_and_keeps_what_it_has()
    {
        await _world.PriceAsync("api_calls", 1);
        for (var index = 0; index < 7; index++)
            await _world.BillableAsync();
        var id = await StartAsync(Price(new PriceInput { Model = "standard", Price = 2 }), months: 1);
        var cancel = _world.Get<CancelSimulation>();
        await using var node = _world.Build(
            services => services.AddSingleton<ISimulationInputs>(new DyingInputs(_world.Get<ISimulationInputs>(), 2, async () => (await cancel.RunAsync(_world.Staff, id, default)).Failures.ShouldBeEmpty())),
            chunkSize: 3);

        (await node.GetRequiredService<RunSimulation>().RunNextAsync(default)).ShouldBeTrue();

        var overview = await OverviewAsync(id);
        (overview.Simulation.State, overview.Simulation.Done).ShouldBe((SimulationState.Cancelled, 3));
        overview.Currencies.Single().Organisations.ShouldBe(3);
        (await _world.Get<RunSimulation>().RunNextAsync(default)).ShouldBeFalse();
        (await cancel.RunAsync(_world.Staff, id, default)).Failure.Code.ShouldBe("simulation_ended");
    }

    [Fact]
    public async Task An_amount_that_nothing_converts_parks_its_organisation_and_currencies_stay_apart()
    {
        await _world.PriceAsync("api_calls", 1, currency: "USD");
        var (rupees, dollars) = (await _world.BillableAsync(), await _world.OrganisationAsync("USD"));
        await _world.UsageAsync(dollars.Id, await _world.ProjectAsync(dollars.Id), October, "api_calls", 10);
        var id = await StartAsync(Price(new PriceInput { Currency = "USD", Model = "standard", Price = 2 }), months: 1);
        await WorkAsync();

        var (overview, rows) = (await OverviewAsync(id), await RowsAsync(id));
        (overview.Simulation.Done, overview.Simulation.Failed).ShouldBe((1, 1));
        overview.Currencies.ShouldHaveSingleItem().Currency.ShouldBe("USD");
        (rows[dollars.Id].Current, rows[dollars.Id].Simulated).ShouldBe((10m, 20m));
        rows[rupees].State.ShouldBe(SimulationResultState.Failed);
        rows[rupees].Reason!.ShouldContain("no exchange rate to INR");
        var rate = new ExchangeRateInput { BaseCurrency = "USD", TargetCurrency = "INR", Rate = 80, EffectiveFrom = new DateOnly(2026, 1, 1), Source = "manual" };
        (await _world.Get<CreateExchangeRate>().RunAsync(_world.Staff, rate, default)).Failures.ShouldBeEmpty();

        var again = await StartAsync(Price(new PriceInput { Currency = "USD", Model = "standard", Price = 2 }), months: 1);
        await WorkAsync();

        (await OverviewAsync(again)).Currencies.Select(one => (one.Currency, one.Difference)).ShouldBe([("INR", 8_000m), ("USD", 10m)], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_wrong_is_said_by_field_and_only_to_who_may()
    {
        var start = _world.Get<StartSimulation>();

        (await start.RunAsync(_world.Staff, new StartSimulationRequest { Months = 13, CliffPercent = -1, Draft = Price(new PriceInput { Model = "standard" }) }, default)).Failures.Select(failure => failure.Field)
            .ShouldBe(["months", "cliffPercent", "price.price"]);
        (await start.RunAsync(_world.Staff, new StartSimulationRequest { Months = 1 }, default)).Failure.Field.ShouldBe("price");
        (await start.RunAsync(_world.Staff, new StartSimulationRequest { Months = 1, Draft = new SimulationDraft { Plan = new PlanDraft { PlanId = await PlanAsync("pro", 1) } } }, default)).Failure.Field.ShouldBe("plan.priceAmount");
        (await start.RunAsync(_world.Staff with { Permissions = new HashSet<string>([Permissions.SimulationsRead]) }, new StartSimulationRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await start.RunAsync(_world.Customer(Guid.CreateVersion7()), new StartSimulationRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task Results_are_sorted_filtered_searched_and_paged_in_the_database()
    {
        await _world.PriceAsync("api_calls", 1);
        foreach (var quantity in new[] { 100m, 300m, 200m })
            await _world.BillableAsync(quantity: quantity);
        var id = await StartAsync(Price(new PriceInput { Model = "standard", Price = 2 }), months: 1);
        await WorkAsync();
        var list = _world.Get<ListSimulationResults>();

        (await list.RunAsync(_world.Staff, id, new SimulationResultFilter(), new ListRequest { Sort = "difference", Descending = true, Take = 2, WithTotal = true }, default)).Value
            .ShouldSatisfyAllConditions(page => page.Items.Select(row => row.Difference).ShouldBe([300m, 200m]), page => (page.HasMore, page.Total).ShouldBe((true, 3)));
        (await list.RunAsync(_world.Staff, id, new SimulationResultFilter("less"), new ListRequest(), default)).Value.Items.ShouldBeEmpty();
        (await list.RunAsync(_world.Staff, id, new SimulationResultFilter("up_over_50"), new ListRequest { Search = "00002" }, default)).Value.Items.ShouldHaveSingleItem().Current.ShouldBe(300);
        var first = (await list.RunAsync(_world.Staff, id, new SimulationResultFilter(), new ListRequest { Take = 2 }, default)).Value;
        (await list.RunAsync(_world.Staff, id, new SimulationResultFilter(), new ListRequest { Take = 2, After = first.Items[^1].OrganisationId }, default)).Value
            .ShouldSatisfyAllConditions(page => page.Items.Count.ShouldBe(1), page => page.HasMore.ShouldBeFalse());
    }

    private static SimulationDraft Price(PriceInput input) => new() { Price = input with { MetricName = "api_calls", Unit = "calls", Currency = input.Currency ?? "INR" } };

    private async Task<Guid> StartAsync(SimulationDraft draft, int months, decimal? cliff = null)
    {
        var started = await _world.Get<StartSimulation>().RunAsync(_world.Staff, new StartSimulationRequest { Months = months, CliffPercent = cliff, Draft = draft }, default);
        started.Succeeded.ShouldBeTrue(started.Succeeded ? null : started.Failure.Message);
        return started.Value.Id;
    }

    private async Task WorkAsync()
    {
        while (await _world.Get<RunSimulation>().RunNextAsync(default))
        {
            // Until none waits.
        }
    }

    private async Task<SimulationOverview> OverviewAsync(Guid id) => (await _world.Get<GetSimulation>().RunAsync(_world.Staff, id, default)).Value;

    private async Task<Dictionary<Guid, SimulationRow>> RowsAsync(Guid id) =>
        (await _world.Get<ListSimulationResults>().RunAsync(_world.Staff, id, new SimulationResultFilter(), new ListRequest { Take = 200 }, default)).Value.Items.ToDictionary(row => row.OrganisationId);

    private async Task<Guid> PlanAsync(string code, decimal price, decimal? commitment = null)
    {
        var made = await _world.Get<SavePlan>().CreateAsync(_world.Staff, new PlanInput { Code = code, Name = code, PriceAmount = price, Currency = "INR", MinimumCommitment = commitment }, default);
        made.Succeeded.ShouldBeTrue(made.Succeeded ? null : made.Failure.Message);
        return made.Value.Id;
    }

    private async Task SubscribeAsync(Guid organisation, Guid plan) =>
        (await _world.Get<StartSubscription>().RunAsync(_world.Staff, new StartSubscriptionRequest { OrganisationId = organisation, PlanId = plan, StartsOn = new DateOnly(2026, 11, 1) }, default)).Failures.ShouldBeEmpty();

    // Every table of the product with what has happened to it.
    private async Task<SortedDictionary<string, string>> CountsAsync()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in (await _world.ScalarAsync<string>("SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND NOT relispartition")).Split(','))
            found[table] = await _world.ScalarAsync<string>($"SELECT count(*) || ':' || coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') FROM {table} row");
        return found;
    }

    /// <summary>Reads until the chunk at which the node dies, or something else happens.</summary>
    private sealed class DyingInputs(ISimulationInputs inner, int chunk, Func<Task>? instead = null) : ISimulationInputs
    {
        private int _read;

        public async Task<SimulationInput> LoadAsync(IBillingDb db, IReadOnlyList<Guid> organisationIds, SimulationSpan span, DateTimeOffset knownAt, CancellationToken cancellationToken)
        {
            if (++_read == chunk)
                await (instead?.Invoke() ?? throw new NpgsqlException("killed", new TimeoutException()));
            return await inner.LoadAsync(db, organisationIds, span, knownAt, cancellationToken);
        }
    }
}
