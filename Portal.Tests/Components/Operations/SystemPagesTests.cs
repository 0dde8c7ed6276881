using Bunit;
using Portal.Components.Admin.Operations;
using Portal.Core.Access;
using Portal.Core.Jobs;
using Portal.Tests.Components.Support;
using Quartz;

namespace Portal.Tests.Components.Operations;

[Covers(typeof(HealthPage), typeof(JobsPage), typeof(JobPage), typeof(MailPage), typeof(OutboxPage), typeof(ProviderEventsPage))]
public sealed class SystemPagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task All_rules_are_looked_at_and_hold_in_an_empty_portal()
    {
        var page = _world.Open<HealthPage>("/admin/system");

        await page.WaitForAssertionAsync(() => page.Find(".note h2").TextContent.ShouldBe("All rules pass"));
        page.Rows("Rules and their last results").Count.ShouldBeGreaterThan(10);
        page.Find("nav.tabs [aria-current=page]").TextContent.ShouldBe("Health");
    }

    [Fact]
    public async Task A_rule_that_is_broken_meanwhile_stands_first_after_one_more_look()
    {
        var page = _world.Open<HealthPage>("/admin/system");
        await page.WaitForAssertionAsync(() => page.Find(".note h2").TextContent.ShouldBe("All rules pass"));
        // Sums of a month without the quarter-hours that they are made of.
        await _world.Billing.BillableAsync();

        (await _world.TwiceAsync(() => page.Buttons("Check again").Single())).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Find(".note h2").TextContent.ShouldBe("1 rule fails"));
        var first = page.Rows("Rules and their last results")[0];
        first[3].ShouldBe("Failing");
        first[0].ShouldContain("quarter-hourly");
        await page.WaitForAssertionAsync(() => page.Find("tbody td .small a").GetAttribute("href")!.ShouldEndWith("/usage"));
    }

    [Fact]
    public async Task One_rule_is_looked_at_once_by_a_double_click_and_what_was_found_is_there_for_the_next_who_comes()
    {
        var page = _world.Open<HealthPage>("/admin/system");
        await page.WaitForAssertionAsync(() => page.Find(".note h2").TextContent.ShouldBe("All rules pass"));
        _world.Billing.Clock.Now = _world.Billing.Clock.Now.AddHours(2);
        await _world.Billing.BillableAsync();

        (await _world.TwiceAsync(() => page.Buttons("Run now I22").Single())).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Find(".note h2").TextContent.ShouldBe("1 rule fails"));
        _world.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe("I22 fails.");
        var opened = _world.Store.Opened;
        var next = _world.Open<HealthPage>("/admin/system");
        await next.WaitForAssertionAsync(() => next.Find(".note h2").TextContent.ShouldBe("1 rule fails"));
        // Nothing was looked at anew: what was kept, the rows of the one that does not hold, and what the page may show.
        (_world.Store.Opened - opened).ShouldBeLessThan(6);
        next.Rows("Rules and their last results").Count(row => row[2].StartsWith("2 hours ago", StringComparison.Ordinal)).ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task A_job_is_asked_to_run_once_by_a_double_click()
    {
        var page = _world.Open<JobsPage>("/admin/system/jobs");
        await page.WaitForAssertionAsync(() => page.Rows("Jobs").ShouldHaveSingleItem()[0].ShouldStartWith("Mark overdue"));
        page.Rows("Jobs")[0][1].ShouldBe("Not yet");
        await page.ButtonAsync("Run now mark-overdue");

        (await _world.TwiceAsync(() => page.Buttons("Run now mark-overdue").Single())).ShouldBe(1);

        _world.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe("Mark overdue will run now.");
        // Its own trigger, and the one that was asked for.
        var scheduler = await _world.Get<ISchedulerFactory>().GetScheduler();
        (await scheduler.QueryTriggers(new TriggerQuery { Take = 10 })).Items.Count.ShouldBe(2);
        page.FindAll("[role=alert]").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_is_paused_once_by_a_double_click_and_resumed()
    {
        var page = _world.Open<JobPage>("/admin/system/jobs/mark-overdue", job => job.Add(x => x.Name, "mark-overdue"));
        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No runs yet"));
        page.Find("h1").TextContent.ShouldBe("Mark overdue");
        page.Find(".page-lead").TextContent.ShouldBe("Marks invoices whose due date has passed, every hour.");
        await page.ButtonAsync("Pause mark-overdue");

        (await _world.TwiceAsync(() => page.Buttons("Pause mark-overdue").Single())).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Find(".note").TextContent.ShouldContain("Paused by staff@example.com"));
        page.Find(".badge").TextContent.ShouldBe("Paused");
        (await _world.TwiceAsync(() => page.Buttons("Resume mark-overdue").Single())).ShouldBe(1);
        await page.WaitForAssertionAsync(() => page.FindAll(".note").ShouldBeEmpty());
        (await AuditedAsync("job.paused")).ShouldBe(1);
        (await AuditedAsync("job.resumed")).ShouldBe(1);
    }

    [Fact]
    public async Task A_job_s_runs_are_listed_with_what_became_of_them()
    {
        var now = _world.Billing.Clock.Now;
        await _world.Get<JobHistory>().RecordAsync(JobRun.Ended("mark-overdue", "node-1", false, TimeSpan.FromMilliseconds(14), null, now), default);
        await _world.Get<JobHistory>().RecordAsync(JobRun.Ended("mark-overdue", "node-2", true, TimeSpan.FromSeconds(125), "the cupboard is bare", now.AddMinutes(1)), default);

        var page = _world.Open<JobPage>("/admin/system/jobs/mark-overdue", job => job.Add(x => x.Name, "mark-overdue"));

        await page.WaitForAssertionAsync(() => page.Rows("Runs").Select(row => row[1..]).ShouldBe(
            [["Failed", "2\u00A0min 5\u00A0s", "Manual", "node-2", "the cupboard is bare"], ["Done", "14\u00A0ms", "Scheduled", "node-1", "–"]]));
        page.Find(".page-title .badge").TextContent.ShouldBe("Failing");
        var failed = _world.Open<JobPage>("/admin/system/jobs/mark-overdue?outcome=failed", job => job.Add(x => x.Name, "mark-overdue"));
        await failed.WaitForAssertionAsync(() => failed.Rows("Runs").ShouldHaveSingleItem());
    }

    [Fact]
    public async Task A_job_that_does_not_exist_is_the_page_for_that()
    {
        var asked = false;
        _world.Navigation.OnNotFound += (_, _) => asked = true;

        var page = _world.Open<JobPage>("/admin/system/jobs/nonsense", job => job.Add(x => x.Name, "nonsense"));

        await page.WaitForAssertionAsync(() => asked.ShouldBeTrue());
    }

    [Fact]
    public async Task Without_mail_the_list_says_what_will_be_there()
    {
        var page = _world.Open<MailPage>("/admin/system/mail");

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No emails yet"));
    }

    [Fact]
    public async Task A_mail_is_sent_again_once_by_a_double_click()
    {
        var books = await Books.KeepAsync(_world);
        var page = _world.Open<MailPage>("/admin/system/mail");
        await page.WaitForAssertionAsync(() => page.FindAll("tbody tr.linked").Count.ShouldBe(2));
        page.FindAll(".row-link").Select(link => link.GetAttribute("href")).ShouldBe(
            [$"/admin/billing/invoices/{books.Issued.Id}", $"/admin/billing/payments/{books.Payment.PaymentId}"], ignoreOrder: true);
        page.Rows("Emails").ShouldAllBe(row => row[1] == "billing@example.com" && row[2] == "Sent");
        await page.WaitForAssertionAsync(() => page.Buttons("Resend").Count.ShouldBe(2));

        (await _world.TwiceAsync(() => page.Buttons("Resend")[0])).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Rows("Emails")[0][2].ShouldBe("Pending"));
        page.Buttons("Resend").ShouldHaveSingleItem();
        _world.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe("Email to billing@example.com resent.");
        (await AuditedAsync("email.resent")).ShouldBe(1);
    }

    [Fact]
    public async Task A_mail_that_is_under_way_meanwhile_is_told_and_not_sent_twice()
    {
        await Books.KeepAsync(_world);
        var page = _world.Open<MailPage>("/admin/system/mail");
        await page.WaitForAssertionAsync(() => page.Buttons("Resend").Count.ShouldBe(2));
        await _world.Billing.SqlAsync("UPDATE email_notifications SET status = 'pending'");

        await page.InvokeAsync(() => page.Buttons("Resend")[0].ClickAsync(new()));

        await page.WaitForAssertionAsync(() => _world.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe("The email is already on its way."));
        (await AuditedAsync("email.resent")).ShouldBe(0);
    }

    [Fact]
    public async Task Without_messages_the_outbox_is_empty()
    {
        var page = _world.Open<OutboxPage>("/admin/system/outbox");

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No messages"));
    }

    [Fact]
    public async Task A_message_that_was_given_up_is_tried_again_once_by_a_double_click()
    {
        await Books.KeepAsync(_world);
        await _world.Billing.SqlAsync("UPDATE outbox SET done_at = NULL, dead_at = created_at, attempts = 10, last_error = 'the server says no' WHERE kind = 'invoice.issued'");
        var page = _world.Open<OutboxPage>("/admin/system/outbox?state=dead");
        await page.WaitForAssertionAsync(() => page.Rows("Messages").ShouldHaveSingleItem()[1..4].ShouldBe(["Invoice issued", "Organisation 00001", "Failed"]));
        page.Rows("Messages")[0][7].ShouldBe("the server says no");
        await page.ButtonAsync("Retry");

        (await _world.TwiceAsync(() => page.Buttons("Retry").Single())).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No results"));
        _world.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe("It will be retried.");
        (await AuditedAsync("outbox.retried")).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_was_given_up_is_discarded_once_after_asking()
    {
        await Books.KeepAsync(_world);
        await _world.Billing.SqlAsync("UPDATE outbox SET done_at = NULL, dead_at = created_at WHERE kind = 'invoice.issued'");
        var page = _world.Open<OutboxPage>("/admin/system/outbox");
        await page.ButtonAsync("Discard");
        await page.InvokeAsync(() => page.Buttons("Discard").Single().ClickAsync(new()));
        page.Find("dialog p").TextContent.ShouldStartWith("Invoice issued");

        (await _world.TwiceAsync(() => page.Find("dialog .button-danger"))).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Rows("Messages").Select(row => row[3]).ShouldBe(["Done", "Discarded"], ignoreOrder: true));
        page.FindAll("dialog").ShouldBeEmpty();
        (await AuditedAsync("outbox.discarded")).ShouldBe(1);
    }

    [Fact]
    public async Task Chosen_messages_are_tried_again_or_discarded_together_and_each_is_audited()
    {
        await Books.KeepAsync(_world);
        await _world.Billing.SqlAsync("UPDATE outbox SET done_at = NULL, dead_at = created_at, attempts = 10");
        var page = _world.Open<OutboxPage>("/admin/system/outbox");
        await page.WaitForAssertionAsync(() => page.FindAll("tbody input[type=checkbox]").Count.ShouldBe(2));
        await page.PutAsync("thead input", true);
        page.Find(".bulk-bar [role=status]").TextContent.ShouldBe("2 messages selected");
        await page.PressAsync("Discard", ".bulk-bar");
        page.Find("dialog h2").TextContent.ShouldBe("Discard 2 messages?");
        await page.PressAsync("Cancel", "dialog");

        await page.PressAsync("Retry", ".bulk-bar");

        await page.WaitForAssertionAsync(() => page.FindAll(".bulk-bar").ShouldBeEmpty());
        _world.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe("2 messages will be retried.");
        (await AuditedAsync("outbox.retried")).ShouldBe(2);
    }

    [Fact]
    public async Task Without_events_of_the_provider_the_list_says_so()
    {
        var page = _world.Open<ProviderEventsPage>("/admin/system/provider-events");

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No events yet"));
    }

    [Fact]
    public async Task An_event_that_was_given_up_is_tried_again_once_by_a_double_click()
    {
        var now = _world.Billing.Clock.Now;
        await _world.Billing.SqlAsync(
            "INSERT INTO provider_events (id, event_id, type, body, received_at, attempts, due_at, dead_at, error) VALUES ($1, 'evt_1', 'payment.captured', '', $2, 10, $2, $2, 'no such order')",
            Guid.CreateVersion7(now), now);
        var page = _world.Open<ProviderEventsPage>("/admin/system/provider-events?state=dead");
        await page.WaitForAssertionAsync(() => page.Rows("Events").ShouldHaveSingleItem()[..2].ShouldBe(["payment.captured", "Failed"]));
        page.Rows("Events")[0][4].ShouldBe("no such order");
        await page.ButtonAsync("Retry");

        (await _world.TwiceAsync(() => page.Buttons("Retry").Single())).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No results"));
        (await AuditedAsync("provider_event.retried")).ShouldBe(1);
        (await _world.Billing.ScalarAsync<int>("SELECT attempts FROM provider_events WHERE dead_at IS NULL")).ShouldBe(0);
    }

    [Fact]
    public async Task Who_reads_only_is_offered_nothing_to_send_or_run()
    {
        await Books.KeepAsync(_world);
        await _world.Billing.SqlAsync("UPDATE outbox SET done_at = NULL, dead_at = created_at");
        await _world.BecomeAsync(SystemRoles.Viewer);

        var mail = _world.Open<MailPage>("/admin/system/mail");
        await mail.WaitForAssertionAsync(() => mail.FindAll("tbody tr.linked").Count.ShouldBe(2));
        mail.Buttons("Resend").ShouldBeEmpty();

        var outbox = _world.Open<OutboxPage>("/admin/system/outbox");
        await outbox.WaitForAssertionAsync(() => outbox.FindAll("tbody tr.linked").Count.ShouldBe(2));
        outbox.Buttons("Retry").ShouldBeEmpty();
        outbox.Buttons("Discard").ShouldBeEmpty();
        outbox.FindAll("tbody input").ShouldBeEmpty();

        var jobs = _world.Open<JobsPage>("/admin/system/jobs");
        await jobs.WaitForAssertionAsync(() => jobs.Rows("Jobs").ShouldHaveSingleItem());
        jobs.Buttons("Run now mark-overdue").ShouldBeEmpty();
        jobs.Buttons("Pause mark-overdue").ShouldBeEmpty();
    }

    private Task<long> AuditedAsync(string action) => _world.Billing.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = $1", action);
}
