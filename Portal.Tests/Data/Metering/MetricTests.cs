using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Pricing;
using Portal.Data.Metering;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.Metering;

/// <summary>Metrics that are no sums: measured from the events, wherever a quantity counts.</summary>
public sealed class MetricTests : IAsyncLifetime
{
    private readonly BillingWorld _world = new();
    private ServiceProvider _services = null!;
    private Organisation _organisation = null!;
    private Guid _shop;
    private Guid _app;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _services = _world.Build(services => services.AddMetering().AddUsageStore());
        _organisation = await _world.OrganisationAsync();
        _shop = await _world.ProjectAsync(_organisation.Id, "Shop");
        _app = await _world.ProjectAsync(_organisation.Id, "App");
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Theory]
    [InlineData("sum", "31.5")]
    [InlineData("count", "5")]
    [InlineData("max", "12")]
    [InlineData("last", "4.5")]
    [InlineData("unique", "2")]
    public async Task A_month_is_billed_shown_and_asked_for_by_the_metrics_own_measure(string aggregation, string quantity)
    {
        var expected = decimal.Parse(quantity, System.Globalization.CultureInfo.InvariantCulture);
        await _world.PriceAsync("seats", 10);
        await DefineAsync(aggregation);
        await SendAsync(_shop, At("2026-10-02T10:00:00Z", 12, "a"), At("2026-10-03T10:00:00Z", 5, "b"), At("2026-10-31T18:29:59Z", 4.5m, null));
        await SendAsync(_app, At("2026-10-03T11:00:00Z", 9, "a"), At("2026-10-04T11:00:00Z", 1, "b"));
        // November in India: another month.
        await SendAsync(_app, At("2026-10-31T18:30:00Z", 100, "z"));

        await _world.RunAsync(October, autoIssue: true);

        var invoice = (await _world.InvoicesAsync(_organisation.Id)).ShouldHaveSingleItem();
        var line = invoice.Lines.ShouldHaveSingleItem();
        (line.Quantity, line.Amount, line.EventCount).ShouldBe((expected, expected * 10, 5L));
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Customer(_organisation.Id), invoice.Id, default)).Value.ShouldSatisfyAllConditions(
            proof => proof.Ok.ShouldBeTrue(), proof => proof.Lines[0].QuantityNow.ShouldBe(expected));
        var month = (await _services.GetRequiredService<GetUsageMonth>().RunAsync(_world.Customer(_organisation.Id), new UsageQuestion(_organisation.Id, October), default)).Value;
        (month.Totals.Single().Quantity, month.Totals.Single().Events).ShouldBe((expected, 5L));
        var sums = (await _services.GetRequiredService<QueryUsage>().RunAsync(
            _world.Customer(_organisation.Id), new UsageSumsRequest(_organisation.Id, null, new DateOnly(2026, 10, 1), new DateOnly(2026, 11, 1), "seats", UsageGrouping.Month), default)).Value;
        sums.Single().Value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("sum", 14)]
    [InlineData("count", 2)]
    [InlineData("max", 9)]
    [InlineData("last", 9)]
    [InlineData("unique", 2)]
    public async Task A_day_an_hour_and_a_project_are_measured_alike(string aggregation, int third)
    {
        await DefineAsync(aggregation);
        await SendAsync(_shop, At("2026-10-02T10:00:00Z", 12, "a"), At("2026-10-03T10:00:00Z", 5, "b"));
        await SendAsync(_app, At("2026-10-03T11:00:00Z", 9, "a"));
        var customer = _world.Customer(_organisation.Id);
        var months = _services.GetRequiredService<GetUsageMonth>();

        var month = (await months.RunAsync(customer, new UsageQuestion(_organisation.Id, October), default)).Value;
        var day = (await months.RunAsync(customer, new UsageQuestion(_organisation.Id, Day: new DateOnly(2026, 10, 3), By: UsageBy.Project), default)).Value;
        var narrow = (await months.RunAsync(customer, new UsageQuestion(_organisation.Id, October, ProjectId: _app), default)).Value;
        var days = (await _services.GetRequiredService<QueryUsage>().RunAsync(customer, new UsageSumsRequest(_organisation.Id, null, new DateOnly(2026, 10, 1), new DateOnly(2026, 11, 1), null, UsageGrouping.Day), default)).Value;
        var hours = (await _services.GetRequiredService<QueryUsage>().RunAsync(customer, new UsageSumsRequest(_organisation.Id, null, new DateOnly(2026, 10, 3), new DateOnly(2026, 10, 4), null, UsageGrouping.Hour), default)).Value;

        month.Days.Single(one => one.Day == new DateOnly(2026, 10, 3)).Quantity.ShouldBe(third);
        days.Single(one => one.Start == DateTimeOffset.Parse("2026-10-02T18:30:00Z")).Value.ShouldBe(third);
        var (shop, app) = aggregation is "count" or "unique" ? (1m, 1m) : (5m, 9m);
        day.Course.Sums.Select(slot => (slot.Slot, slot.Name, slot.Quantity)).ShouldBe([(15, "Shop", shop), (16, "App", app)], ignoreOrder: true);
        hours.Select(hour => (hour.Start, hour.Value)).ShouldBe([(DateTimeOffset.Parse("2026-10-03T09:30:00Z"), shop), (DateTimeOffset.Parse("2026-10-03T10:30:00Z"), app)]);
        narrow.Totals.Single().Quantity.ShouldBe(app);
        month.ProjectTotals.Single(total => total.Name == "App").Quantity.ShouldBe(app);
    }

    [Fact]
    public async Task Late_duplicate_and_corrected_events_move_a_largest_value_as_they_should()
    {
        await _world.PriceAsync("seats", 10);
        await DefineAsync("max");
        await SendAsync(_shop, At("2026-10-02T10:00:00Z", 12, key: "one"), At("2026-10-03T10:00:00Z", 8));
        await _world.RunAsync(October, autoIssue: true);
        (await _world.InvoicesAsync(_organisation.Id)).Single().Subtotal.ShouldBe(120);

        // Below the peak, and a repeat: nothing changes.
        await SendAsync(_shop, At("2026-10-05T10:00:00Z", 11));
        await SendAsync(_shop, EventStatus.Duplicate, At("2026-10-02T10:00:00Z", 12, key: "one"));
        (await UnbilledAsync()).Late.ShouldBeEmpty();
        // The peak is corrected away: the next largest counts, and the month became cheaper.
        var peak = await _world.ScalarAsync<Guid>("SELECT id FROM usage_events WHERE idempotency_key = 'one'");
        _world.Clock.Now += TimeSpan.FromMinutes(1);
        await SendAsync(_shop, At("2026-10-02T10:00:00Z", 2, supersedes: peak));

        var late = (await UnbilledAsync()).Late.ShouldHaveSingleItem();
        (late.Quantity, late.Amount).ShouldBe((-1m, -10m));
        // And a new peak that comes late costs its difference.
        await SendAsync(_shop, At("2026-10-06T10:00:00Z", 15));
        (await UnbilledAsync()).Late.ShouldHaveSingleItem().Amount.ShouldBe(30);
        _world.Clock.Now = new DateTimeOffset(2026, 12, 2, 0, 0, 0, TimeSpan.Zero);
        await _world.RunAsync(November, autoIssue: true);
        (await _world.InvoicesAsync(_organisation.Id))[1].Lines.ShouldHaveSingleItem().Amount.ShouldBe(30);
        (await UnbilledAsync()).Late.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("up", 0, "13")]
    [InlineData("down", 0, "12")]
    [InlineData("nearest", 1, "12.4")]
    [InlineData("none", 0, "12.35")]
    public async Task The_months_total_is_rounded_before_it_is_priced_and_the_line_says_so(string rounding, int decimals, string quantity)
    {
        await _world.PriceAsync("seats", 10);
        await DefineAsync("sum", rounding: rounding, decimals: decimals);
        await SendAsync(_shop, At("2026-10-02T10:00:00Z", 6.10m), At("2026-10-03T10:00:00Z", 6.25m));

        await _world.RunAsync(October);

        var invoice = (await _world.InvoicesAsync(_organisation.Id)).Single();
        invoice.Lines.Single().Quantity.ShouldBe(decimal.Parse(quantity, System.Globalization.CultureInfo.InvariantCulture));
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoice.Id, default)).Value.Ok.ShouldBeTrue();
        var measure = InvoiceJson.Read<LineExplanation>(invoice.Lines.Single().Explanation).Measure;
        if (rounding == "none")
            measure.ShouldBeNull();
        else
            measure!.Measured.ShouldBe(12.35m);
    }

    [Theory]
    [InlineData("12.345")]
    [InlineData("12.3")]
    [InlineData("0")]
    [InlineData("0.0000000000005")]
    [InlineData("999999999999999.5")]
    public async Task The_database_rounds_as_the_rule_does(string text)
    {
        var value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        foreach (var rounding in Enum.GetValues<QuantityRounding>())
        {
            for (var decimals = 0; decimals <= 12; decimals += 4)
            {
                (await _world.ScalarAsync<decimal>("SELECT round_quantity($1, $2, $3)", value, MetricWords.Name(rounding), decimals))
                    .ShouldBe(new MetricRule(Rounding: rounding, Decimals: decimals).Round(value), $"{rounding} {decimals}");
            }
        }
    }

    [Fact]
    public async Task A_month_that_is_invoiced_keeps_its_measure_and_the_next_takes_the_new_one()
    {
        await _world.PriceAsync("seats", 10);
        await SendAsync(_shop, At("2026-10-02T10:00:00Z", 12), At("2026-10-03T10:00:00Z", 5), At("2026-11-02T10:00:00Z", 7), At("2026-11-02T11:00:00Z", 3));
        await _world.RunAsync(October);

        (await Define.RunAsync(_world.Staff, Input("max") with { FromMonth = "2026-10" }, default)).Failure.Field.ShouldBe("fromMonth");
        var metric = (await Define.RunAsync(_world.Staff, Input("max"), default)).Value;

        (metric.InvoicedThrough, metric.Versions.Single().From).ShouldBe((October, November));
        (await UnbilledAsync()).Late.ShouldBeEmpty();
        _world.Clock.Now = new DateTimeOffset(2026, 12, 2, 0, 0, 0, TimeSpan.Zero);
        await _world.IssueAllAsync(October);
        await _world.RunAsync(November);
        (await _world.InvoicesAsync(_organisation.Id)).Select(invoice => invoice.Subtotal).ShouldBe([170m, 70m]);
        // Said again, and in other words, changes nothing of the rules.
        (await Define.RunAsync(_world.Staff, Input("max") with { Description = "Peak seats", FromMonth = "2026-11" }, default)).Value.ShouldSatisfyAllConditions(
            same => same.Versions.Count.ShouldBe(1), same => same.Description.ShouldBe("Peak seats"));
        (await _world.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'metric.defined'")).ShouldBe(2);
        await Should.ThrowAsync<PostgresException>(() => _world.SqlAsync("UPDATE metric_versions SET aggregation = 'sum'"));
    }

    [Fact]
    public async Task What_is_wrong_with_a_metric_is_named_by_its_field()
    {
        foreach (var (field, input) in new (string, MetricInput)[]
        {
            ("name", Input("sum") with { Name = "not a name" }),
            ("unit", Input("sum") with { Unit = " " }),
            ("aggregation", Input("mean")),
            ("property", Input("unique") with { Property = null }),
            ("property", Input("sum") with { Property = "user" }),
            ("rounding", Input("sum") with { Rounding = "bankers" }),
            ("decimals", Input("sum") with { Rounding = "up", Decimals = 13 }),
            ("fromMonth", Input("sum") with { FromMonth = "November" }),
            ("description", Input("sum") with { Description = new string('x', 501) }),
        })
            (await Define.RunAsync(_world.Staff, input, default)).Failures.ShouldHaveSingleItem().Field.ShouldBe(field);
        (await Define.RunAsync(_world.Customer(_organisation.Id), Input("sum"), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await Define.RunAsync(_world.Staff with { Permissions = new HashSet<string> { Permissions.PricesRead } }, Input("sum"), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task A_metric_that_is_sent_for_the_first_time_stands_in_the_catalogue_with_its_usage()
    {
        await SendAsync(_shop, At("2026-11-02T10:00:00Z", 7), At("2026-11-02T11:00:00Z", 3));

        var row = (await _services.GetRequiredService<ListMetrics>().RunAsync(_world.Staff, new ListRequest(), default)).Value.Items.ShouldHaveSingleItem();
        (row.Name, row.Unit, row.Rule, row.Events, row.IsPriced).ShouldBe(("seats", "calls", MetricRule.Plain, 2L, false));
        var metric = (await _services.GetRequiredService<GetMetric>().RunAsync(_world.Staff, row.Id, default)).Value;
        (metric.Events, metric.Organisations, metric.Prices, metric.InvoicedThrough).ShouldBe((2L, 1, 0, null));
        var unpriced = (await _world.Get<ListUnpricedNow>().RunAsync(_world.Staff, new ListRequest { WithTotal = true }, default)).Value;
        unpriced.Total.ShouldBe(1);
        (unpriced.Items[0].MetricName, unpriced.Items[0].Quantity, unpriced.Items[0].EventCount, unpriced.Items[0].Month).ShouldBe(("seats", 10m, 2L, November));
        await _world.PriceAsync("seats", 1);
        (await _world.Get<ListUnpricedNow>().RunAsync(_world.Staff, new ListRequest(), default)).Value.Items.ShouldBeEmpty();
        (await _world.Get<ListUnpricedNow>().RunAsync(_world.Customer(_organisation.Id), new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task An_organisation_sees_the_measures_of_its_own_metrics_alone()
    {
        var other = await _world.OrganisationAsync();
        await DefineAsync("max");
        await SendAsync(_shop, At("2026-10-02T10:00:00Z", 12));

        await using var own = await _world.Store.OpenAsync(_world.Customer(_organisation.Id).Scope, default);
        await using var others = await _world.Store.OpenAsync(_world.Customer(other.Id).Scope, default);

        own.MetricVersions.ShouldHaveSingleItem();
        others.MetricVersions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_percentage_bills_its_share_and_a_fee_for_every_event()
    {
        await _world.PriceAsync(new PriceInput { MetricName = "seats", Unit = "calls", Currency = "INR", Model = "percentage", EffectiveFrom = new DateOnly(2026, 1, 1), Rate = 2.5m, FreeAmount = 100, Fee = 0.30m, FreeEvents = 1 });
        await SendAsync(_shop, At("2026-10-02T10:00:00Z", 500), At("2026-10-03T10:00:00Z", 250.5m), At("2026-10-04T10:00:00Z", 99.5m));

        await _world.RunAsync(October, autoIssue: true);

        // (850 - 100) at 2.5 per cent, and two events at 0.30.
        (await _world.InvoicesAsync(_organisation.Id)).Single().Subtotal.ShouldBe(18.75m + 0.60m);
        await SendAsync(_shop, At("2026-10-05T10:00:00Z", 0));
        (await UnbilledAsync()).Late.ShouldHaveSingleItem().ShouldSatisfyAllConditions(late => late.Amount.ShouldBe(0.30m), late => late.Quantity.ShouldBe(0), late => late.EventCount.ShouldBe(1));
    }

    [Fact]
    public async Task The_events_of_a_line_are_those_that_it_counted()
    {
        await _world.PriceAsync("seats", 10);
        await SendAsync(_shop, At("2026-10-02T10:00:00Z", 12, key: "one"), At("2026-10-03T10:00:00Z", 5), At("2026-11-03T10:00:00Z", 1));
        var first = await _world.ScalarAsync<Guid>("SELECT id FROM usage_events WHERE idempotency_key = 'one'");
        _world.Clock.Now += TimeSpan.FromMinutes(1);
        await _world.RunAsync(October, autoIssue: true);
        _world.Clock.Now += TimeSpan.FromMinutes(1);
        await SendAsync(_shop, At("2026-10-02T10:00:00Z", 2, supersedes: first), At("2026-10-06T10:00:00Z", 15));
        var invoice = (await _world.InvoicesAsync(_organisation.Id)).Single();
        var list = _world.Get<ListLineEvents>();

        var counted = (await list.RunAsync(_world.Customer(_organisation.Id), new LineEventsRequest(invoice.Id, 1), new ListRequest(), default)).Value.Items;

        counted.Sum(row => row.Quantity).ShouldBe(invoice.Lines.Single().Quantity);
        counted.Count.ShouldBe((int)invoice.Lines.Single().EventCount);
        (await list.RunAsync(_world.Customer((await _world.OrganisationAsync()).Id), new LineEventsRequest(invoice.Id, 1), new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await list.RunAsync(_world.Staff, new LineEventsRequest(invoice.Id, 2), new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
    }

    private DefineMetric Define => _services.GetRequiredService<DefineMetric>();

    private async Task DefineAsync(string aggregation, string rounding = "none", int decimals = 0)
    {
        var defined = await Define.RunAsync(_world.Staff, Input(aggregation) with { Rounding = rounding, Decimals = decimals, FromMonth = "2026-01" }, default);
        defined.Succeeded.ShouldBeTrue(defined.Succeeded ? null : defined.Failure.Message);
    }

    private static MetricInput Input(string aggregation) => new() { Name = "seats", Unit = "calls", Aggregation = aggregation, Property = aggregation == "unique" ? "user" : null };

    private async Task<UnbilledUsage> UnbilledAsync() => (await _world.Get<GetUnbilledUsage>().RunAsync(_world.Staff, _organisation.Id, default)).Value;

    private static UsageEventDraft At(string timestamp, decimal value, string? user = null, string? key = null, Guid? supersedes = null) => new()
    {
        Index = 0,
        MetricName = "seats",
        Unit = "calls",
        Value = UsageValue.ReadStored(value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Timestamp = DateTimeOffset.Parse(timestamp),
        IdempotencyKey = key,
        Metadata = user is null ? null : $$"""{"user":"{{user}}"}""",
        Supersedes = supersedes,
    };

    private Task SendAsync(Guid projectId, params UsageEventDraft[] events) => SendAsync(projectId, EventStatus.Accepted, events);

    private async Task SendAsync(Guid projectId, EventStatus status, params UsageEventDraft[] events)
    {
        var key = new ProjectKey
        {
            Id = Guid.CreateVersion7(_world.Clock.Now),
            Prefix = "bk_test",
            OrganisationId = _organisation.Id,
            ProjectId = projectId,
            Scopes = [],
            RateLimitPerHour = null,
            ExpiresAt = null,
            IsInForce = true,
            IsSuspended = false,
            Calendar = _organisation.Calendar,
        };
        await using var writer = _services.GetRequiredService<IUsageEventStore>().OpenWriter();
        var result = await writer.CommitAsync([new UsageSubmission(key, _world.Clock.Now, events)], default);
        result.Result.ShouldBe(SubmissionResult.Decided, result.Error?.Message);
        events.ShouldAllBe(sent => sent.Outcome.Status == status);
    }
}
