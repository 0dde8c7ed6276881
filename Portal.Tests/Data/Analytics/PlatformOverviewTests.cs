using System.Diagnostics;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Payments;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Data.Analytics;

public sealed class PlatformOverviewTests : IAsyncLifetime
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
    public async Task What_was_billed_stands_beside_what_came_in()
    {
        var revenue = (await RevenueAsync()).Single();

        revenue.Currency.ShouldBe("INR");
        revenue.Months.Count.ShouldBe(12);
        revenue.Months[^1].ShouldBe(new RevenueMonth(new BillingMonth(2026, 11), 118, 50));
        revenue.Months.Take(11).ShouldAllBe(month => month.Billed == 0 && month.Collected == 0);
        revenue.Months[0].Month.ShouldBe(new BillingMonth(2025, 12));
    }

    [Theory]
    [InlineData(0, ReceivableAge.NotDue)]
    [InlineData(15, ReceivableAge.UpTo30Days)]
    [InlineData(44, ReceivableAge.UpTo30Days)]
    [InlineData(45, ReceivableAge.UpTo60Days)]
    [InlineData(74, ReceivableAge.UpTo60Days)]
    [InlineData(75, ReceivableAge.UpTo90Days)]
    [InlineData(105, ReceivableAge.Older)]
    public async Task What_is_owed_grows_old_and_the_list_behind_each_age_has_the_same_rows(int days, ReceivableAge age)
    {
        // Due 15 days after the issue.
        _world.Billing.Clock.Now = _books.Issued.DueAt!.Value.AddDays(days - 15);

        var overview = await ReadAsync();

        overview.Invoices!.Owed.Single().Ages.Where(one => one.Count > 0).ShouldBe([new AgedAmount(age, 68, 1)]);
        overview.Invoices.Overdue.ShouldBe(age == ReceivableAge.NotDue ? 0 : 1);
        foreach (var one in Enum.GetValues<ReceivableAge>())
            (await InvoicesAsync(new InvoiceFilter { Age = one, Currency = "INR" })).ShouldBe(one == age ? [_books.Issued.Id] : []);
        (await InvoicesAsync(new InvoiceFilter { PastDue = true })).Length.ShouldBe(overview.Invoices.Overdue);
    }

    [Fact]
    public async Task The_lists_behind_a_month_s_columns_add_up_to_them()
    {
        (await InvoicesAsync(new InvoiceFilter { BilledIn = new BillingMonth(2026, 11), Currency = "INR" })).ShouldBe([_books.Issued.Id]);
        (await InvoicesAsync(new InvoiceFilter { BilledIn = new BillingMonth(2026, 10) })).ShouldBeEmpty();
        (await InvoicesAsync(new InvoiceFilter { BilledIn = new BillingMonth(2026, 11), Currency = "USD" })).ShouldBeEmpty();
        (await PaymentsAsync(new PaymentFilter(CollectedIn: new BillingMonth(2026, 11), Currency: "INR"))).ShouldBe([_books.Payment.PaymentId]);
        (await PaymentsAsync(new PaymentFilter(CollectedIn: new BillingMonth(2026, 10)))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Drafts_wait_and_a_run_that_left_something_behind_waits_until_a_later_one_has_seen_to_it()
    {
        var before = await ReadAsync();
        await _world.Billing.SqlAsync("UPDATE billing_runs SET failed = 2, unpriced = 1 WHERE id = $1", _books.Run.Id);
        var left = await ReadAsync();
        _world.Billing.Clock.Now += TimeSpan.FromMinutes(1);
        await _world.Billing.RunAsync(new BillingMonth(2026, 10));
        var after = await ReadAsync();

        (before.Invoices!.Drafts, before.Invoices.Held).ShouldBe((1, 0));
        before.Runs.ShouldBeEmpty();
        left.Runs.ShouldHaveSingleItem().Failed.ShouldBe(2);
        after.Runs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Messages_that_wait_and_that_were_given_up_are_counted_apart()
    {
        await _world.Billing.SqlAsync("UPDATE outbox SET done_at = NULL, dead_at = now() WHERE id = (SELECT min(id::text)::uuid FROM outbox)");

        var outbox = (await ReadAsync()).Outbox!;

        (outbox.Waiting, outbox.GivenUp).ShouldBe((0, 1));
    }

    [Fact]
    public async Task Today_is_compared_with_the_same_weekday_up_to_the_same_quarter_of_an_hour()
    {
        // Noon in India on Tuesday 3 November.
        await _world.SendAsync(_books.Customer, await _world.Billing.ProjectAsync(_books.Customer.Id, "New"), At("2026-11-03T06:10:00Z"), 1);
        await BucketAsync("2026-10-26T18:30:00Z", 5);
        await BucketAsync("2026-10-27T06:15:00Z", 3);
        await BucketAsync("2026-10-27T06:30:00Z", 90);
        await BucketAsync("2026-10-26T18:15:00Z", 700);

        var usage = (await ReadAsync()).Usage!;

        usage.Day.ShouldBe(new DateOnly(2026, 11, 3));
        (usage.Events, usage.Compared, usage.ComparedBefore).ShouldBe((1, 1, 8));
        usage.Hours[11].ShouldBe(1);
        usage.HoursBefore[0].ShouldBe(5);
        usage.HoursBefore.Sum().ShouldBe(98);
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
        using var mine = new Activity("overview").Start();

        await ReadAsync();

        asked.ShouldBeInRange(1, 5);
    }

    [Fact]
    public async Task Who_may_not_read_a_part_does_not_get_it_and_customers_get_nothing()
    {
        var get = _world.Get<GetPlatformOverview>();

        var part = (await get.RunAsync(_world.Billing.Staff with { Permissions = new HashSet<string> { Permissions.UsageRead } }, "Asia/Kolkata", default)).Value;
        var customer = await get.RunAsync(_world.Billing.Customer(_books.Customer.Id), "Asia/Kolkata", default);

        part.Usage.ShouldNotBeNull();
        (part.Organisations, part.Invoices, part.Runs, part.Outbox).ShouldBe((null, null, null, null));
        customer.Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    [Fact]
    public async Task Revenue_is_for_staff_who_may_read_both_invoices_and_payments()
    {
        var get = _world.Get<GetBilledAndCollected>();

        var half = await get.RunAsync(_world.Billing.Staff with { Permissions = new HashSet<string> { Permissions.InvoicesRead } }, "Asia/Kolkata", default);
        var customer = await get.RunAsync(_world.Billing.Customer(_books.Customer.Id), "Asia/Kolkata", default);

        half.Failure.Kind.ShouldBe(FailureKind.Forbidden);
        customer.Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await ReadAsync()).MayReadRevenue.ShouldBeTrue();
    }

    [Fact]
    public async Task A_month_begins_at_midnight_of_the_zone()
    {
        // The last second of October and the first of November in India.
        await _world.Billing.SqlAsync("ALTER TABLE invoices DISABLE TRIGGER USER");
        await _world.Billing.SqlAsync("UPDATE invoices SET issued_at = '2026-10-31 18:29:59Z' WHERE id = $1", _books.Issued.Id);
        var before = (await RevenueAsync()).Single().Months;
        await _world.Billing.SqlAsync("UPDATE invoices SET issued_at = '2026-10-31 18:30:00Z' WHERE id = $1", _books.Issued.Id);
        var after = (await RevenueAsync()).Single().Months;

        (before[^2].Billed, before[^1].Billed).ShouldBe((118, 0));
        (after[^2].Billed, after[^1].Billed).ShouldBe((0, 118));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text);

    private async Task<PlatformOverview> ReadAsync() => (await _world.Get<GetPlatformOverview>().RunAsync(_world.Billing.Staff, "Asia/Kolkata", default)).Value;

    private async Task<IReadOnlyList<RevenueMonths>> RevenueAsync() => (await _world.Get<GetBilledAndCollected>().RunAsync(_world.Billing.Staff, "Asia/Kolkata", default)).Value;

    private async Task<Guid[]> InvoicesAsync(InvoiceFilter filter) =>
        [.. (await _world.Get<ListInvoices>().RunAsync(_world.Billing.Staff, filter, new ListRequest(), default)).Value.Items.Select(row => row.Id)];

    private async Task<Guid[]> PaymentsAsync(PaymentFilter filter) =>
        [.. (await _world.Get<ListPayments>().RunAsync(_world.Billing.Staff, filter, new ListRequest(), default)).Value.Items.Select(row => row.Id)];

    private Task BucketAsync(string start, long events) =>
        _world.Billing.SqlAsync("INSERT INTO usage_buckets VALUES ($1, $2, $3, 'api_calls', 'calls', 1, $4)", _books.Other.Id, At(start), Guid.Empty, events);
}
