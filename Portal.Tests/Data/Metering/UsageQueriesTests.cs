using Microsoft.Extensions.DependencyInjection;
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

    private static UsageEventDraft At(string timestamp, decimal value, string metric = "api_calls", string unit = "calls", string? key = null, string? metadata = null) => new()
    {
        Index = 0,
        MetricName = metric,
        Unit = unit,
        Value = UsageValue.ReadStored(value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Timestamp = DateTimeOffset.Parse(timestamp),
        IdempotencyKey = key,
        Metadata = metadata,
    };

    private async Task SendAsync(Guid projectId, params UsageEventDraft[] events)
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
        events.ShouldAllBe(sent => sent.Outcome.Status == EventStatus.Accepted);
    }
}
