using System.Diagnostics;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.Kernel;
using Portal.Tests.Components.Plans;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Data.Analytics;

public sealed class AccountSummaryTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();
    private Books _books = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _books = await Books.KeepAsync(_world);
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_is_owed_is_past_due_from_its_day_on_and_what_was_billed_counts_for_a_year()
    {
        var before = await ReadAsync();
        _world.Billing.Clock.Now = _books.Issued.DueAt!.Value;
        var due = await ReadAsync();
        _world.Billing.Clock.Now = _books.Issued.IssuedAt!.Value.AddYears(1).AddDays(1);
        var later = await ReadAsync();

        before.Money!.Outstanding.ShouldBe([new AmountByCurrency("INR", 68, 1)]);
        before.Money.PastDue.ShouldBeEmpty();
        before.Money.Billed.ShouldBe([new AmountByCurrency("INR", 118, 1)]);
        due.Money!.PastDue.ShouldBe([new AmountByCurrency("INR", 68, 1)]);
        later.Money!.Outstanding.ShouldBe([new AmountByCurrency("INR", 68, 1)]);
        later.Money.Billed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_s_draft_is_neither_owed_nor_billed_nor_listed()
    {
        var other = await ReadAsync(_books.Other.Id);

        other.Money!.Outstanding.ShouldBeEmpty();
        other.Money.Billed.ShouldBeEmpty();
        other.Invoices.ShouldBeEmpty();
        other.Payments.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_latest_invoice_and_payment_are_listed()
    {
        var summary = await ReadAsync();

        summary.Invoices!.ShouldHaveSingleItem().Id.ShouldBe(_books.Issued.Id);
        summary.Payments!.ShouldHaveSingleItem().Id.ShouldBe(_books.Payment.PaymentId);
    }

    [Fact]
    public async Task Recurring_revenue_is_there_once_a_subscription_is_kept()
    {
        var before = await ReadAsync();
        await _world.SubscribeAsync(_books.Customer.Id, await _world.PlanAsync("basic", 3000));
        await _world.Get<KeepMrr>().RunAsync(CallContext.System("test", "Keeps it"), default);
        var after = await ReadAsync();

        before.Recurring.ShouldBeEmpty();
        after.Recurring.ShouldBe([new AmountByCurrency("INR", 3000, 1)]);
    }

    [Fact]
    public async Task Money_is_for_who_may_read_it_and_nothing_is_for_customers()
    {
        var get = _world.Get<GetAccountSummary>();

        var part = (await get.RunAsync(_world.Billing.Staff with { Permissions = new HashSet<string> { Permissions.OrganisationsRead } }, _books.Customer.Id, default)).Value;
        var customer = await get.RunAsync(_world.Billing.Customer(_books.Customer.Id), _books.Customer.Id, default);
        var usage = await get.UsageAsync(_world.Billing.Staff with { Permissions = new HashSet<string> { Permissions.OrganisationsRead } }, _books.Customer.Id, default);

        (part.Money, part.Recurring, part.Invoices, part.Payments, part.PrepaidCredits).ShouldBe((null, null, null, null, null));
        customer.Failure.Kind.ShouldBe(FailureKind.Forbidden);
        usage.Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await get.RunAsync(_world.Billing.Staff, Guid.CreateVersion7(_world.Billing.Clock.Now), default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
    }

    [Fact]
    public async Task A_new_organisation_lacks_a_project_and_a_key_until_it_has_sent_something()
    {
        var fresh = await _world.Billing.OrganisationAsync();
        var before = await ReadAsync(fresh.Id);
        var project = await _world.Billing.ProjectAsync(fresh.Id, "Shop");
        var with = await ReadAsync(fresh.Id);
        await _world.SendAsync(fresh, project, At("2026-11-02T10:00:00Z"), 1);
        var after = await ReadAsync(fresh.Id);

        before.Missing.ShouldBe(new AccountGaps(Project: true, Key: true, Price: false));
        with.Missing.ShouldBe(new AccountGaps(Project: false, Key: true, Price: false));
        after.Missing.ShouldBeNull();
    }

    [Fact]
    public async Task Events_of_thirty_days_are_shown_by_metric_over_the_thirty_before()
    {
        var project = await _world.Billing.ProjectAsync(_books.Customer.Id, "New");
        // Today in India, the first of the thirty days, and the day before it.
        await _world.SendAsync(_books.Customer, project, At("2026-11-02T18:30:00Z"), 1, "storage", "gb");
        await _world.SendAsync(_books.Customer, project, At("2026-10-04T18:30:00Z"), 7);
        await _world.SendAsync(_books.Customer, project, At("2026-10-04T18:29:00Z"), 7);

        var usage = await UsageAsync();

        usage.First.ShouldBe(new DateOnly(2026, 10, 5));
        usage.Metrics.Select(metric => (metric.Name, metric.Events.Sum())).ShouldBe([("api_calls", 2L), ("storage", 1L)]);
        usage.Metrics[0].Events[0].ShouldBe(1);
        usage.Metrics[1].Events[^1].ShouldBe(1);
        (usage.Before.Count, usage.Before[^1], usage.Before.Sum()).ShouldBe((30, 1, 1));
    }

    [Fact]
    public async Task Of_many_metrics_the_smaller_ones_are_one()
    {
        var project = await _world.Billing.ProjectAsync(_books.Customer.Id, "New");
        for (var metric = 0; metric < 7; metric++)
        {
            for (var count = 0; count <= metric; count++)
                await _world.SendAsync(_books.Customer, project, At("2026-11-02T10:00:00Z"), 1, $"metric_{metric}");
        }

        var usage = await UsageAsync();

        usage.Metrics.Select(metric => (metric.Name, metric.Events.Sum())).ShouldBe([("metric_6", 7), ("metric_5", 6), ("metric_4", 5), ("metric_3", 4), ("metric_2", 3), (null, 4)]);
    }

    [Fact]
    public async Task It_asks_the_database_once_for_each_part()
    {
        var asked = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Interlocked.Add(ref asked, activity.RootId == Activity.Current?.RootId && activity.GetTagItem("db.query.text") is string text && text.Contains("FROM", StringComparison.Ordinal) ? 1 : 0),
        };
        ActivitySource.AddActivityListener(listener);
        using var mine = new Activity("summary").Start();

        await ReadAsync();
        await UsageAsync();

        asked.ShouldBeInRange(1, 7);
    }

    private async Task<AccountSummary> ReadAsync(Guid? id = null) => (await _world.Get<GetAccountSummary>().RunAsync(_world.Billing.Staff, id ?? _books.Customer.Id, default)).Value;

    private async Task<AccountUsage> UsageAsync() => (await _world.Get<GetAccountSummary>().UsageAsync(_world.Billing.Staff, _books.Customer.Id, default)).Value;

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
