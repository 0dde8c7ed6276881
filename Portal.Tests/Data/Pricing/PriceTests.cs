using Npgsql;
using Portal.Core.Kernel;
using Portal.Core.Pricing;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Data.Pricing;

public sealed class PriceTests : IAsyncLifetime
{
    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Two_prices_of_one_scope_are_never_in_force_on_the_same_day()
    {
        var organisation = await _world.OrganisationAsync();
        await CreateAsync(new DateOnly(2026, 1, 1), new DateOnly(2026, 7, 1));

        (await _world.Get<CreatePrice>().RunAsync(_world.Staff, Input(new DateOnly(2026, 6, 30)), default)).Failure.Code.ShouldBe("price_overlap");
        await CreateAsync(new DateOnly(2026, 7, 1));
        await CreateAsync(new DateOnly(2026, 1, 1), organisationId: organisation.Id);
        (await _world.Get<CreatePrice>().RunAsync(_world.Staff, Input(new DateOnly(2030, 1, 1), organisationId: organisation.Id), default)).Failure.Code.ShouldBe("price_overlap");
    }

    [Fact]
    public async Task Of_twenty_made_at_once_one_is_kept()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _world.Get<CreatePrice>().RunAsync(_world.Staff, Input(new DateOnly(2026, 1, 1)), default))));
        made.Count(result => result.Succeeded).ShouldBe(1);
        made.Where(result => !result.Succeeded).ShouldAllBe(result => result.Failure.Code == "price_overlap");
    }

    [Fact]
    public async Task A_price_can_be_ended_earlier_and_not_later_and_nothing_else_of_it_changes()
    {
        var price = await CreateAsync(new DateOnly(2026, 1, 1));
        var end = _world.Get<EndPrice>();

        (await end.RunAsync(_world.Staff, new EndPriceRequest(price, new DateOnly(2026, 1, 1)), default)).Failure.Field.ShouldBe("effectiveTo");
        (await end.RunAsync(_world.Staff, new EndPriceRequest(price, new DateOnly(2026, 12, 1)), default)).Value.EffectiveTo.ShouldBe(new DateOnly(2026, 12, 1));
        (await end.RunAsync(_world.Staff, new EndPriceRequest(price, new DateOnly(2027, 1, 1)), default)).Failure.Code.ShouldBe("price_ended");
        (await end.RunAsync(_world.Staff, new EndPriceRequest(Guid.CreateVersion7(_world.Clock.Now), new DateOnly(2026, 12, 1)), default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        foreach (var sql in (string[])["UPDATE prices SET unit_price = 9", "UPDATE price_tiers SET unit_price = 9", "DELETE FROM price_tiers"])
            await Should.ThrowAsync<PostgresException>(() => _world.SqlAsync(sql));
        (await _world.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE entity_id = $1", price)).ShouldBe(2);
    }

    [Fact]
    public async Task Customers_see_their_own_prices_and_everybodys_and_change_none()
    {
        var (own, other) = (await _world.OrganisationAsync(), await _world.OrganisationAsync());
        var everybodys = await CreateAsync(new DateOnly(2026, 1, 1));
        var mine = await CreateAsync(new DateOnly(2026, 1, 1), organisationId: own.Id);
        var theirs = await CreateAsync(new DateOnly(2026, 1, 1), organisationId: other.Id);
        var customer = _world.Customer(own.Id);

        (await _world.Get<ListPrices>().RunAsync(customer, new PriceFilter(), new ListRequest(), default)).Value.Items.Select(price => price.Id).ShouldBe([everybodys, mine], ignoreOrder: true);
        (await _world.Get<GetPrice>().RunAsync(customer, theirs, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await _world.Get<GetPrice>().RunAsync(customer, mine, default)).Value.OrganisationName.ShouldBe(own.Name);
        (await _world.Get<CreatePrice>().RunAsync(customer, Input(new DateOnly(2026, 1, 1)), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<EndPrice>().RunAsync(customer, new EndPriceRequest(mine, new DateOnly(2026, 2, 1)), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task Prices_are_filtered_sorted_searched_and_paged()
    {
        var organisation = await _world.OrganisationAsync();
        await CreateAsync(new DateOnly(2026, 1, 1), new DateOnly(2026, 7, 1));
        await CreateAsync(new DateOnly(2026, 7, 1));
        await CreateAsync(new DateOnly(2026, 1, 1), organisationId: organisation.Id);
        await CreateAsync(new DateOnly(2026, 1, 1), metric: "storage");
        var list = _world.Get<ListPrices>();

        (await list.RunAsync(_world.Staff, new PriceFilter { MetricName = "api_calls", InForceOn = new DateOnly(2026, 7, 1) }, new ListRequest { WithTotal = true }, default)).Value.Total.ShouldBe(2);
        (await list.RunAsync(_world.Staff, new PriceFilter { OrganisationId = organisation.Id }, new ListRequest(), default)).Value.Items.ShouldHaveSingleItem().Terms.Tiers.Count.ShouldBe(2);
        (await list.RunAsync(_world.Staff, new PriceFilter(), new ListRequest { Search = "STOR" }, default)).Value.Items.ShouldHaveSingleItem().MetricName.ShouldBe("storage");
        (await list.RunAsync(_world.Staff, new PriceFilter(), new ListRequest { Sort = "metricName", Descending = true, Take = 1 }, default)).Value.ShouldSatisfyAllConditions(page => page.HasMore.ShouldBeTrue(), page => page.Items[0].MetricName.ShouldBe("storage"));
    }

    [Fact]
    public async Task Every_model_is_stored_and_read_as_it_was_made()
    {
        var bare = Input(new DateOnly(2026, 1, 1)) with { Tiers = null };
        PriceInput[] inputs =
        [
            bare with { MetricName = "standard", Model = "standard", Price = 0.1234567890123m - 0.0000000000003m },
            bare with { MetricName = "volume", Model = "volume", Tiers = [new TierInput(10, 1, 3), new TierInput(null, 0.5m)] },
            bare with { MetricName = "package", Model = "package", Price = 400, Size = 1_000, Free = 1_000, Included = 5, Minimum = 1, Maximum = 9_000 },
            bare with { MetricName = "stair", Model = "stair-step", Steps = [new StepInput(10, 1), new StepInput(null, 5)] },
            bare with { MetricName = "percentage", Model = "percentage", Rate = 2.9m, FreeAmount = 100, Fee = 0.3m, FreeEvents = 10 },
            bare with { MetricName = "graduated_percentage", Model = "graduated-percentage", Tiers = [new TierInput(10, Rate: 3, Flat: 2), new TierInput(null, Rate: 1)] },
        ];

        foreach (var input in inputs)
        {
            var terms = (await _world.Get<GetPrice>().RunAsync(_world.Staff, await _world.PriceAsync(input), default)).Value.Terms;
            var expected = PriceValidation.Check(input, out _)!.Terms;
            terms.Tiers.ShouldBe(expected.Tiers);
            (terms with { Tiers = [] }).ShouldBe(expected with { Tiers = terms.Tiers } with { Tiers = [] }, input.Model);
        }
    }

    [Fact]
    public async Task A_new_version_ends_the_one_before_on_its_first_day_or_nothing_happens()
    {
        var old = await CreateAsync(new DateOnly(2026, 1, 1));
        var create = _world.Get<CreatePrice>();

        (await create.RunAsync(_world.Staff, Input(new DateOnly(2026, 7, 1), metric: "storage") with { Replaces = old }, default)).Failure.Field.ShouldBe("replaces");
        (await create.RunAsync(_world.Staff, Input(new DateOnly(2026, 1, 1)) with { Replaces = old }, default)).Failure.Field.ShouldBe("effectiveFrom");
        (await _world.Get<GetPrice>().RunAsync(_world.Staff, old, default)).Value.EffectiveTo.ShouldBeNull();

        var next = (await create.RunAsync(_world.Staff, Input(new DateOnly(2026, 7, 1)) with { Replaces = old }, default)).Value;

        (await _world.Get<GetPrice>().RunAsync(_world.Staff, old, default)).Value.EffectiveTo.ShouldBe(new DateOnly(2026, 7, 1));
        next.EffectiveFrom.ShouldBe(new DateOnly(2026, 7, 1));
        // One that would run into a third is refused, and what it would have ended goes on.
        (await create.RunAsync(_world.Staff, Input(new DateOnly(2026, 6, 1)) with { Replaces = old }, default)).Failure.Code.ShouldBe("price_overlap");
        (await _world.Get<GetPrice>().RunAsync(_world.Staff, old, default)).Value.EffectiveTo.ShouldBe(new DateOnly(2026, 7, 1));
    }

    [Fact]
    public async Task A_price_for_an_organisation_that_is_not_there_is_refused() =>
        (await _world.Get<CreatePrice>().RunAsync(_world.Staff, Input(new DateOnly(2026, 1, 1), organisationId: Guid.CreateVersion7(_world.Clock.Now)), default)).Failure.Field.ShouldBe("organisationId");

    private Task<Guid> CreateAsync(DateOnly from, DateOnly? to = null, Guid? organisationId = null, string metric = "api_calls") => _world.PriceAsync(Input(from, to, organisationId, metric));

    private static PriceInput Input(DateOnly from, DateOnly? to = null, Guid? organisationId = null, string metric = "api_calls") => new()
    {
        MetricName = metric,
        Unit = "calls",
        Currency = "INR",
        Model = "graduated",
        EffectiveFrom = from,
        EffectiveTo = to,
        OrganisationId = organisationId,
        Tiers = [new TierInput(10, 1), new TierInput(null, 0.5m, 2)],
    };
}
