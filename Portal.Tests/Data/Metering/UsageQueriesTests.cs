using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Data.Metering;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Data.Metering;

public sealed class UsageQueriesTests : IAsyncLifetime
{
    private readonly BillingWorld _world = new();
    private ServiceProvider _services = null!;
    private Organisation _organisation = null!;
    private Guid _shop;
    private Guid _app;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _services = _world.Build(services => services.AddMetering().AddUsageStore().AddApiKeys());
        _organisation = await _world.OrganisationAsync();
        _shop = await _world.ProjectAsync(_organisation.Id, "Shop");
        _app = await _world.ProjectAsync(_organisation.Id, "App");
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_day_is_a_day_of_the_organisations_zone_and_a_month_has_its_sums()
    {
        // 18:29 UTC is the last minute of 31 October in India, 18:30 the first of 1 November.
        await SendAsync(_shop, At("2026-10-31T18:29:00Z", 5), At("2026-10-31T18:30:00Z", 7), At("2026-11-02T10:00:00Z", 1.5m));
        await SendAsync(_app, At("2026-11-02T11:00:00Z", 2), At("2026-11-02T11:00:00Z", 3, metric: "storage", unit: "GB"));

        var month = (await AskAsync(new UsageQuestion(_organisation.Id))).Value;

        month.Month.ShouldBe(BillingWorld.November);
        month.Totals.ShouldBe([new("api_calls", "calls", 10.5m, 3, 5), new("storage", "GB", 3, 1, 0)]);
        month.Days.ShouldBe(
            [new(new DateOnly(2026, 11, 1), "api_calls", "calls", 7, 1), new(new DateOnly(2026, 11, 2), "api_calls", "calls", 3.5m, 2), new(new DateOnly(2026, 11, 2), "storage", "GB", 3, 1)],
            ignoreOrder: true);
        month.DaysBefore.ShouldBe([new(new DateOnly(2026, 10, 31), "api_calls", "calls", 5, 1)]);
        month.Metrics.ShouldBe(["api_calls", "storage"]);
        month.Projects.Select(project => project.Name).ShouldBe(["App", "Shop"]);
    }

    [Fact]
    public async Task A_month_can_be_narrowed_to_a_project_and_a_metric()
    {
        await SendAsync(_shop, At("2026-11-02T10:00:00Z", 1));
        await SendAsync(_app, At("2026-11-02T10:00:00Z", 2), At("2026-11-02T10:00:00Z", 4, metric: "storage", unit: "GB"));

        var month = (await AskAsync(new UsageQuestion(_organisation.Id, BillingWorld.November, "api_calls", _app))).Value;

        month.Totals.ShouldHaveSingleItem().Quantity.ShouldBe(2);
        month.Days.ShouldHaveSingleItem().Quantity.ShouldBe(2);
        month.Metrics.ShouldBe(["api_calls", "storage"]);
    }

    [Fact]
    public async Task An_organisation_that_never_sent_anything_is_told_from_a_quiet_month()
    {
        (await AskAsync(new UsageQuestion(_organisation.Id))).Value.HasEverBeenUsed.ShouldBeFalse();
        await SendAsync(_shop, At("2026-11-02T10:00:00Z", 1));

        var quiet = (await AskAsync(new UsageQuestion(_organisation.Id, new BillingMonth(2026, 5)))).Value;

        quiet.Totals.ShouldBeEmpty();
        quiet.HasEverBeenUsed.ShouldBeTrue();
    }

    [Fact]
    public async Task Events_come_latest_first_and_go_on_after_the_last_one_shown()
    {
        for (var index = 0; index < 5; index++)
        {
            await SendAsync(_shop, At("2026-11-02T10:00:00Z", index));
            _world.Clock.Now += TimeSpan.FromSeconds(1);
        }

        var first = await EventsAsync(new ListRequest { Take = 3 });
        var rest = await EventsAsync(new ListRequest { Take = 3, After = first.Items[^1].Id });

        first.Items.Select(row => row.Quantity).ShouldBe([4, 3, 2]);
        first.HasMore.ShouldBeTrue();
        rest.Items.Select(row => row.Quantity).ShouldBe([1, 0]);
        rest.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Events_can_be_narrowed_by_month_day_metric_and_project()
    {
        await SendAsync(_shop, At("2026-10-15T10:00:00Z", 1), At("2026-11-01T10:00:00Z", 2), At("2026-11-02T10:00:00Z", 3));
        await SendAsync(_app, At("2026-11-02T10:00:00Z", 4), At("2026-11-02T10:00:00Z", 5, metric: "storage", unit: "GB"));

        async Task<decimal[]> Quantities(UsageEventFilter filter) => [.. (await EventsAsync(new ListRequest(), filter)).Items.Select(row => row.Quantity).Order()];

        var all = new UsageEventFilter { OrganisationId = _organisation.Id };
        (await Quantities(all)).ShouldBe([1, 2, 3, 4, 5]);
        (await Quantities(all with { Month = BillingWorld.October })).ShouldBe([1]);
        (await Quantities(all with { Day = new DateOnly(2026, 11, 2) })).ShouldBe([3, 4, 5]);
        (await Quantities(all with { Day = new DateOnly(2026, 11, 2), MetricName = "api_calls", ProjectId = _app })).ShouldBe([4]);
    }

    [Fact]
    public async Task A_search_finds_an_event_by_its_key_or_its_id_in_any_month()
    {
        await SendAsync(_shop, At("2026-10-15T10:00:00Z", 1, key: "order-1"), At("2026-11-01T10:00:00Z", 2, key: "order-2"));
        await SendAsync(_app, At("2026-11-01T10:00:00Z", 3, key: "order-1"));
        var november = new UsageEventFilter { OrganisationId = _organisation.Id, Month = BillingWorld.November };

        var byKey = await EventsAsync(new ListRequest { Search = " order-1 " }, november);
        var byId = await EventsAsync(new ListRequest { Search = byKey.Items[0].Id.ToString() }, november);

        byKey.Items.Select(row => row.Quantity).Order().ShouldBe([1, 3]);
        byId.Items.ShouldHaveSingleItem().Id.ShouldBe(byKey.Items[0].Id);
        (await EventsAsync(new ListRequest { Search = "order" }, november)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_organisations_events_are_not_found_by_key_id_or_name()
    {
        var other = await _world.OrganisationAsync();
        await SendAsync(_shop, At("2026-11-01T10:00:00Z", 1, key: "order-1"));
        var id = (await EventsAsync(new ListRequest())).Items[0].Id;
        var stranger = _world.Customer(other.Id);
        var list = _services.GetRequiredService<ListUsageEvents>();

        (await list.RunAsync(stranger, new UsageEventFilter { OrganisationId = _organisation.Id }, new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await list.RunAsync(stranger, new UsageEventFilter { OrganisationId = other.Id }, new ListRequest { Search = "order-1" }, default)).Value.Items.ShouldBeEmpty();
        (await list.RunAsync(stranger, new UsageEventFilter { OrganisationId = other.Id }, new ListRequest { Search = id.ToString() }, default)).Value.Items.ShouldBeEmpty();
        (await _services.GetRequiredService<GetUsageEvent>().RunAsync(stranger, _organisation.Id, id, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await _services.GetRequiredService<GetUsageMonth>().RunAsync(stranger, new UsageQuestion(_organisation.Id), default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
    }

    [Fact]
    public async Task An_event_has_its_metadata_and_month()
    {
        await SendAsync(_shop, At("2026-11-01T10:00:00Z", 1, key: "order-1", metadata: """{"region":"south"}"""));
        var id = (await EventsAsync(new ListRequest())).Items[0].Id;

        var found = (await _services.GetRequiredService<GetUsageEvent>().RunAsync(_world.Customer(_organisation.Id), _organisation.Id, id, default)).Value;

        found.ProjectName.ShouldBe("Shop");
        found.Metadata.ShouldBe("""{"region": "south"}""");
        found.Month.ShouldBe(BillingWorld.November);
        found.Event.IdempotencyKey.ShouldBe("order-1");
    }

    [Fact]
    public async Task A_day_is_shown_by_the_hours_of_the_organisations_zone_beside_the_same_weekday_a_week_before()
    {
        // 05:30 in India is midnight in UTC.
        await SendAsync(_shop, At("2026-11-01T18:30:00Z", 1), At("2026-11-02T00:00:00Z", 2), At("2026-11-02T00:40:00Z", 3), At("2026-11-02T18:29:00Z", 4), At("2026-11-02T18:30:00Z", 9));
        await SendAsync(_app, At("2026-10-26T00:10:00Z", 5), At("2026-11-01T00:10:00Z", 6));
        var question = new UsageQuestion(_organisation.Id, Day: new DateOnly(2026, 11, 2));

        var month = (await AskAsync(question)).Value;
        var dayBefore = (await AskAsync(question with { Against = UsageAgainst.Before })).Value;

        month.Month.ShouldBe(BillingWorld.November);
        month.Course.Slots.Count.ShouldBe(24);
        month.Course.Slots[5].Hour.ShouldBe(new TimeOnly(5, 0));
        month.Course.Sums.ShouldBe([new(0, "api_calls", "calls", 1), new(5, "api_calls", "calls", 2), new(6, "api_calls", "calls", 3), new(23, "api_calls", "calls", 4)], ignoreOrder: true);
        month.Course.Before.ShouldBe([new(5, "api_calls", "calls", 5)]);
        month.Course.BeforeDay.ShouldBe(new DateOnly(2026, 10, 26));
        dayBefore.Course.Before.ShouldBe([new(5, "api_calls", "calls", 6)]);
    }

    [Fact]
    public async Task The_course_of_a_month_is_cut_by_project_and_compared_with_the_year_before()
    {
        await SendAsync(_shop, At("2026-11-01T10:00:00Z", 1), At("2026-11-03T05:00:00Z", 2), At("2026-11-03T05:00:00Z", 3, metric: "storage", unit: "calls"));
        await SendAsync(_app, At("2026-11-03T05:00:00Z", 10));
        await _world.SqlAsync("INSERT INTO usage_days (organisation_id, day, project_id, metric_name, unit, api_key_id, total_value, event_count) VALUES ($1, '2025-11-30', $2, 'api_calls', 'calls', gen_random_uuid(), 7, 1)", _organisation.Id, _shop);

        var month = (await AskAsync(new UsageQuestion(_organisation.Id, By: UsageBy.Project, Against: UsageAgainst.Year))).Value;

        month.Course.Slots.Count.ShouldBe(30);
        month.Course.Sums.ShouldBe([new(0, "Shop", "calls", 1), new(2, "Shop", "calls", 5), new(2, "App", "calls", 10)], ignoreOrder: true);
        month.Course.Before.ShouldBe([new(29, "api_calls", "calls", 7)]);
        month.ProjectTotals.ShouldBe([new(_shop, "Shop", "calls", 6, 3), new(_app, "App", "calls", 10, 1)]);
    }

    [Fact]
    public async Task Usage_is_told_apart_by_the_key_that_sent_it_day_by_day_hour_by_hour_and_event_by_event()
    {
        var (live, batch) = (await KeyAsync("Live"), await KeyAsync("Batch"));
        await SendAsync(_shop, live.Id, At("2026-11-01T10:00:00Z", 1), At("2026-11-02T05:00:00Z", 2));
        await SendAsync(_shop, batch.Id, At("2026-11-02T05:10:00Z", 30), At("2026-11-02T06:40:00Z", 40));
        // From before keys were written down.
        await _world.SqlAsync("INSERT INTO usage_days (organisation_id, day, project_id, metric_name, unit, api_key_id, total_value, event_count) VALUES ($1, '2026-11-01', $2, 'api_calls', 'calls', $3, 500, 5)", _organisation.Id, _shop, Guid.Empty);

        var month = (await AskAsync(new UsageQuestion(_organisation.Id, By: UsageBy.Key))).Value;
        var day = (await AskAsync(new UsageQuestion(_organisation.Id, Day: new DateOnly(2026, 11, 2), By: UsageBy.Key))).Value;
        var ofBatch = await EventsAsync(new ListRequest(), new UsageEventFilter { OrganisationId = _organisation.Id, ApiKeyId = batch.Id });
        var byMetric = (await AskAsync(new UsageQuestion(_organisation.Id))).Value;

        month.Course.Sums.ShouldBe([new(0, live.Text, "calls", 1), new(0, "Key not recorded", "calls", 500), new(1, live.Text, "calls", 2), new(1, batch.Text, "calls", 70)], ignoreOrder: true);
        month.KeyTotals.ShouldBe([new(Guid.Empty, "Key not recorded", "calls", 500, 5), new(batch.Id, batch.Text, "calls", 70, 2), new(live.Id, live.Text, "calls", 3, 2)], ignoreOrder: true);
        // 05:00 UTC is 10:30 in India.
        day.Course.Sums.ShouldBe([new(10, live.Text, "calls", 2), new(10, batch.Text, "calls", 30), new(12, batch.Text, "calls", 40)], ignoreOrder: true);
        ofBatch.Items.Select(row => (row.Quantity, row.ApiKeyId, row.ApiKeyName)).ShouldBe([(30m, batch.Id, "Batch"), (40m, batch.Id, "Batch")], ignoreOrder: true);
        byMetric.KeyTotals.ShouldBeEmpty();
        byMetric.Course.Sums.ShouldBe([new(0, "api_calls", "calls", 501), new(1, "api_calls", "calls", 72)]);
    }

    [Fact]
    public async Task A_correction_by_another_key_takes_from_the_key_that_sent_what_it_replaces()
    {
        var (live, batch) = (await KeyAsync("Live"), await KeyAsync("Batch"));
        await SendAsync(_shop, live.Id, At("2026-11-02T05:00:00Z", 20));
        var id = (await EventsAsync(new ListRequest())).Items.Single().Id;
        await SendAsync(_shop, batch.Id, At("2026-11-02T05:00:00Z", 3, supersedes: id));

        var totals = (await AskAsync(new UsageQuestion(_organisation.Id, By: UsageBy.Key))).Value.KeyTotals;
        var day = (await AskAsync(new UsageQuestion(_organisation.Id, Day: new DateOnly(2026, 11, 2), By: UsageBy.Key))).Value;

        totals.ShouldBe([new(batch.Id, batch.Text, "calls", 3, 1), new(live.Id, live.Text, "calls", 0, 0)]);
        day.Course.Sums.ShouldBe([new(10, batch.Text, "calls", 3)]);
    }

    [Fact]
    public async Task Events_are_found_by_their_hour_and_by_what_their_metadata_says()
    {
        await SendAsync(_shop,
            At("2026-11-02T10:00:00Z", 1, metadata: """{"region":"eu","size":5,"note":"a=b"}"""),
            At("2026-11-02T10:59:59Z", 2, metadata: """{"region":"us","size":"5"}"""),
            At("2026-11-02T11:00:00Z", 3, metadata: """{"region":"EU","live":true}"""),
            At("2026-11-02T11:00:00Z", 4));
        var all = new UsageEventFilter { OrganisationId = _organisation.Id };

        async Task<decimal[]> By(string metadata) => [.. (await EventsAsync(new ListRequest(), all with { Metadata = MetadataFilter.Read(metadata).ShouldNotBeNull() })).Items.Select(row => row.Quantity).Order()];

        (await By("region=eu")).ShouldBe([1]);
        (await By(" size = 5 ")).ShouldBe([1, 2]);
        (await By("live=true")).ShouldBe([3]);
        (await By("note=a=b")).ShouldBe([1]);
        (await By("""region=eu" OR "1"="1""")).ShouldBeEmpty();
        (await By("""{"region=eu""")).ShouldBeEmpty();
        (await EventsAsync(new ListRequest(), all with { Hour = DateTimeOffset.Parse("2026-11-02T10:00:00Z") })).Items.Select(row => row.Quantity).Order().ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("region")]
    [InlineData("=eu")]
    [InlineData("  =eu")]
    public void What_has_no_name_and_value_is_no_filter(string? text) => MetadataFilter.Read(text).ShouldBeNull();

    [Fact]
    public async Task An_event_tells_where_it_counts_and_which_line_charges_for_it()
    {
        await _world.PriceAsync("api_calls", 2);
        await SendAsync(_shop, At("2026-10-20T10:01:00Z", 3), At("2026-10-20T10:14:00Z", 4));
        var id = (await EventsAsync(new ListRequest())).Items.Single(row => row.Quantity == 3).Id;
        var get = _services.GetRequiredService<GetUsageEvent>();

        var before = (await get.RunAsync(_world.Customer(_organisation.Id), _organisation.Id, id, default)).Value;
        _world.Clock.Now += TimeSpan.FromMinutes(1);
        await _world.RunAsync(BillingWorld.October);
        var drafted = (await get.RunAsync(_world.Customer(_organisation.Id), _organisation.Id, id, default)).Value;
        var seenByStaff = (await get.RunAsync(_world.Staff, _organisation.Id, id, default)).Value;
        await _world.IssueAllAsync(BillingWorld.October);
        var billed = (await get.RunAsync(_world.Customer(_organisation.Id), _organisation.Id, id, default)).Value;
        var hidden = (await get.RunAsync(_world.Customer(_organisation.Id) with { Permissions = new HashSet<string> { Permissions.UsageRead } }, _organisation.Id, id, default)).Value;

        before.Quarter.ShouldBe(new UsageEventSum(DateTimeOffset.Parse("2026-10-20T10:00:00Z"), 7, 2));
        before.Total!.Quantity.ShouldBe(7);
        before.Billed.ShouldBeNull();
        drafted.Billed.ShouldBeNull("a customer sees no drafts");
        seenByStaff.Billed!.Number.ShouldBeNull();
        (billed.Billed!.Kind, billed.Billed.Quantity, billed.Billed.Amount, billed.Billed.Currency).ShouldBe((InvoiceLineKind.Usage, 7m, 14m, "INR"));
        billed.Billed.Number.ShouldNotBeNull();
        hidden.Billed.ShouldBeNull();
    }

    [Fact]
    public async Task An_event_that_came_after_its_invoice_is_charged_as_late_usage()
    {
        await _world.PriceAsync("api_calls", 2);
        await SendAsync(_shop, At("2026-10-20T10:01:00Z", 3));
        await _world.RunAsync(BillingWorld.October, autoIssue: true);
        _world.Clock.Now += TimeSpan.FromHours(1);
        await SendAsync(_shop, At("2026-10-21T10:01:00Z", 5));
        var late = (await EventsAsync(new ListRequest())).Items.Single(row => row.Quantity == 5).Id;
        var get = _services.GetRequiredService<GetUsageEvent>();
        (await get.RunAsync(_world.Staff, _organisation.Id, late, default)).Value.Billed.ShouldBeNull("the October invoice is older than the event");

        _world.Clock.Now = new DateTimeOffset(2026, 12, 2, 6, 0, 0, TimeSpan.Zero);
        await _world.RunAsync(BillingWorld.November, autoIssue: true);

        var line = (await get.RunAsync(_world.Staff, _organisation.Id, late, default)).Value.Billed.ShouldNotBeNull();
        (line.Kind, line.Quantity, line.Amount).ShouldBe((InvoiceLineKind.LateUsage, 5m, 10m));
    }

    [Fact]
    public async Task An_event_that_was_corrected_names_its_correction()
    {
        await SendAsync(_shop, At("2026-11-02T10:00:00Z", 3));
        var first = (await EventsAsync(new ListRequest())).Items.Single().Id;
        _world.Clock.Now += TimeSpan.FromSeconds(1);
        await _world.SqlAsync("INSERT INTO usage_supersessions VALUES ($1, $2, $3, now())", _organisation.Id, first, Guid.CreateVersion7(_world.Clock.Now));

        var found = (await _services.GetRequiredService<GetUsageEvent>().RunAsync(_world.Customer(_organisation.Id), _organisation.Id, first, default)).Value;

        found.SupersededBy.ShouldNotBeNull();
        found.Billed.ShouldBeNull();
    }

    [Fact]
    public async Task Without_the_permission_there_is_nothing_to_see()
    {
        var call = _world.Staff with { Permissions = new HashSet<string>() };

        (await _services.GetRequiredService<GetUsageMonth>().RunAsync(call, new UsageQuestion(_organisation.Id), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _services.GetRequiredService<ListUsageEvents>().RunAsync(call, new UsageEventFilter { OrganisationId = _organisation.Id }, new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _services.GetRequiredService<GetUsageEvent>().RunAsync(call, _organisation.Id, Guid.Empty, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    private Task<Result<UsageMonth>> AskAsync(UsageQuestion question) =>
        _services.GetRequiredService<GetUsageMonth>().RunAsync(_world.Customer(question.OrganisationId), question, default);

    private async Task<PagedList<UsageEventRow>> EventsAsync(ListRequest list, UsageEventFilter? filter = null) =>
        (await _services.GetRequiredService<ListUsageEvents>().RunAsync(_world.Customer(_organisation.Id), filter ?? new UsageEventFilter { OrganisationId = _organisation.Id }, list, default)).Value;

    private static UsageEventDraft At(string timestamp, decimal value, string metric = "api_calls", string unit = "calls", string? key = null, string? metadata = null, Guid? supersedes = null) => new()
    {
        Index = 0,
        MetricName = metric,
        Unit = unit,
        Value = UsageValue.ReadStored(value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Timestamp = DateTimeOffset.Parse(timestamp),
        IdempotencyKey = key,
        Metadata = metadata,
        Supersedes = supersedes,
    };

    private Task SendAsync(Guid projectId, params UsageEventDraft[] events) => SendAsync(projectId, Guid.CreateVersion7(_world.Clock.Now), events);

    private async Task<(Guid Id, string Text)> KeyAsync(string name)
    {
        _world.Clock.Now += TimeSpan.FromSeconds(1);
        var issued = (await _services.GetRequiredService<IssueApiKey>().RunAsync(_world.Staff, _shop, new ApiKeyRequest(name, [ApiKeyScopes.UsageWrite]), default)).Value;
        return (issued.Key.Id, $"{name} ({issued.Key.Prefix}…)");
    }

    private async Task SendAsync(Guid projectId, Guid keyId, params UsageEventDraft[] events)
    {
        var key = new ProjectKey
        {
            Id = keyId,
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
        events.ShouldAllBe(sent => sent.Outcome.Status == EventStatus.Accepted);
    }
}
