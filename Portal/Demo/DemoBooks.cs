using System.Globalization;
using System.Text;
using Portal.Core.Access;
using Portal.Core.ApiKeys;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Payments;

namespace Portal.Demo;

/// <summary>What the demo's customers used, what they were billed, and what they paid.</summary>
internal sealed class DemoBooks(
    IUsageEventStore usage,
    IProjectKeys keys,
    StartBillingRun startRun,
    RunBilling runBilling,
    GetBillingRun getRun,
    ListInvoices listInvoices,
    IssueInvoices issueInvoices,
    RecordPayment recordPayment,
    TimeProvider clock)
{
    private static readonly CallContext s_call = CallContext.System("demo", "Makes the demo");
    private static readonly (string Metric, string Unit, decimal Daily)[] s_metrics = [("api_calls", "count", 14_000m), ("storage", "gb_day", 240m), ("messages", "count", 1_150m)];

    public async Task MakeAsync(IReadOnlyList<DemoCustomer> customers, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var current = new BillingMonth(now.Year, now.Month);
        for (var index = 0; index < customers.Count; index++)
            await UsageAsync(customers[index], 1 + (index * 0.6m), new DateTimeOffset(current.Previous.Previous.FirstDay, TimeOnly.MinValue, TimeSpan.Zero), now, cancellationToken);
        await BillAsync(current.Previous.Previous, autoIssue: true, cancellationToken);
        await BillAsync(current.Previous, autoIssue: false, cancellationToken);
        // The first customer's last month is issued and waits to be paid; the others' drafts wait for review.
        var drafts = (await listInvoices.RunAsync(s_call, new InvoiceFilter { Month = current.Previous, OrganisationId = customers[0].OrganisationId }, new ListRequest(), cancellationToken)).Expect();
        (await issueInvoices.RunAsync(s_call, new IssueInvoicesRequest { InvoiceIds = [.. drafts.Items.Select(draft => draft.Id)] }, cancellationToken)).Expect();
        await PayAsync(current.Previous.Previous, now, cancellationToken);
    }

    private async Task UsageAsync(DemoCustomer customer, decimal size, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var key = await keys.FindAsync(SecretKey.HashOf(customer.Secret), cancellationToken)
            ?? throw new InvalidOperationException("The demo's key is not stored.");
        var events = new List<UsageEventDraft>();
        for (var at = from; at < to; at = at.AddHours(4))
        {
            foreach (var (metric, unit, daily) in s_metrics)
                events.Add(Draft(events.Count, metric, unit, Value(daily * size, at, metric), at.AddMinutes(7)));
        }

        await using var writer = usage.OpenWriter();
        foreach (var batch in events.Where(draft => draft.Timestamp <= to).Chunk(1_000))
        {
            var outcome = await writer.CommitAsync([new UsageSubmission(key, to, batch)], cancellationToken);
            if (outcome.Result != SubmissionResult.Decided)
                throw new InvalidOperationException("The demo's usage was not stored.", outcome.Error);
        }
    }

    // Busy days and quiet nights, the same on every machine.
    private static decimal Value(decimal daily, DateTimeOffset at, string metric)
    {
        var weekend = at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.55m : 1m;
        var hour = at.Hour is >= 4 and < 16 ? 1.4m : 0.6m;
        var wobble = 0.85m + (((at.DayOfYear * 37) + (at.Hour * 11) + metric.Length) % 31 / 100m);
        return decimal.Truncate(daily / 6 * weekend * hour * wobble);
    }

    private static UsageEventDraft Draft(int index, string metric, string unit, decimal value, DateTimeOffset at)
    {
        UsageValue.ReadNumber(Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)), out var exact);
        return new UsageEventDraft { Index = index % 1_000, MetricName = metric, Unit = unit, Value = exact, Timestamp = at, IdempotencyKey = $"demo-{metric}-{at:yyyyMMddHHmm}" };
    }

    private async Task BillAsync(BillingMonth month, bool autoIssue, CancellationToken cancellationToken)
    {
        var run = (await startRun.RunAsync(s_call, new StartBillingRunRequest { Year = month.Year, Month = month.Month, AutoIssue = autoIssue }, cancellationToken)).Expect();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        // One of the portal's own workers may be faster; then there is only to wait for it.
        while ((await getRun.RunAsync(s_call, run.Id, cancellationToken)).Expect().State is BillingRunState.Queued or BillingRunState.Running)
        {
            if (!await runBilling.RunNextAsync(cancellationToken))
                await pause.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task PayAsync(BillingMonth month, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var issued = (await listInvoices.RunAsync(s_call, new InvoiceFilter { Month = month, Open = true }, new ListRequest(), cancellationToken)).Expect();
        foreach (var invoice in issued.Items.Skip(1))
        {
            var request = new RecordPaymentRequest { InvoiceId = invoice.Id, Method = PaymentMethod.BankTransfer, Amount = invoice.AmountDue, Reference = $"NEFT {invoice.Number}", ReceivedAt = now };
            (await recordPayment.RunAsync(s_call, request, cancellationToken)).Expect();
        }
    }
}
