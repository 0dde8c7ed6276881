using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Payments;

namespace Portal.Demo;

/// <summary>What the demo's customers were billed, month by month, and how they paid: by the product's own actions, each on its day.</summary>
internal sealed class DemoBooks(DemoActions actions)
{
    private const int Page = 200;

    private static readonly CallContext s_call = CallContext.System("demo", "Makes the demo");

    public async Task MakeAsync(IReadOnlyList<DemoCustomer> customers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var current = new BillingMonth(now.Year, now.Month);
        var habits = customers.Select((customer, index) => (customer.OrganisationId, index)).ToDictionary(pair => pair.OrganisationId, pair => pair.index);
        var first = customers.Min(customer => customer.Since);
        for (var month = new BillingMonth(first.Year, first.Month); month < current; month = month.Next)
        {
            // The morning of the second, when the month is over everywhere; on the first day of a month, as early as it can be.
            var billed = new DateTimeOffset(month.Next.FirstDay, new TimeOnly(13, 0), TimeSpan.Zero);
            if (billed > now)
                break;
            await RunAsync(month, null, billed, cancellationToken);
            await IssueAsync(month, month.Next == current, habits, billed.AddMinutes(40) is var issued && issued < now ? issued : now, cancellationToken);
            if (month.Index == current.Index - 4 && customers.Count > 5)
                await CorrectAsync(month, customers[5].OrganisationId, billed.AddDays(1), cancellationToken);
            await PayAsync(month, current, habits, now, cancellationToken);
        }

        actions.Clock.Now = now;
        await actions.Get<MarkOverdueInvoices>().RunAsync(s_call, cancellationToken);
        if (customers.Count > 9)
            (await actions.Get<ChangeOrganisation>().RunAsync(s_call, customers[9].OrganisationId, new OrganisationChanges { IsActive = false }, cancellationToken)).Expect();
    }

    private async Task RunAsync(BillingMonth month, Guid? organisation, DateTimeOffset at, CancellationToken cancellationToken)
    {
        actions.Clock.Now = at;
        (await actions.Get<StartBillingRun>().RunAsync(s_call, new StartBillingRunRequest { Year = month.Year, Month = month.Month, OrganisationId = organisation, AutoIssue = false }, cancellationToken)).Expect();
        while (await actions.Get<RunBilling>().RunNextAsync(cancellationToken))
        {
            // Nobody else works yet: until all is done.
        }
    }

    // Of the last month, every fifth waits for review.
    private async Task IssueAsync(BillingMonth month, bool isLast, Dictionary<Guid, int> habits, DateTimeOffset at, CancellationToken cancellationToken)
    {
        actions.Clock.Now = at;
        var drafts = await ListAsync(new InvoiceFilter { Month = month, Status = InvoiceStatus.Draft }, cancellationToken);
        Guid[] ready = [.. drafts.Where(draft => !isLast || habits[draft.OrganisationId] % 5 != 2).Select(draft => draft.Id)];
        if (ready.Length > 0)
            (await actions.Get<IssueInvoices>().RunAsync(s_call, new IssueInvoicesRequest { InvoiceIds = ready }, cancellationToken)).Expect();
    }

    private async Task PayAsync(BillingMonth month, BillingMonth current, Dictionary<Guid, int> habits, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await ListAsync(new InvoiceFilter { Month = month, Open = true }, cancellationToken);
        foreach (var invoice in open.Where(invoice => invoice.AmountDue > 0))
        {
            var habit = habits[invoice.OrganisationId];
            var age = current.Index - month.Index;
            // The demo's first customer has the last month to pay; every tenth owes two months, every tenth a part of two.
            if ((habit == 0 && age == 1) || (habit % 10 == 9 && age <= 2))
                continue;
            var days = habit % 10 is 6 or 7 ? 24 + (habit % 5) : 2 + (habit * 3 % 11);
            var at = invoice.IssuedAt!.Value.AddDays(days).AddMinutes(habit * 13);
            if (at > now)
                continue;
            actions.Clock.Now = at;
            var part = habit % 10 == 8 && age <= 2;
            // Two paid a round sum that was more than the invoice, once: the rest is account credit, which the next invoice takes, or is still to take.
            var more = (habit == 3 && age == 3) || (habit == 13 && age == 1);
            var method = invoice.Currency == "INR" && habit % 7 == 4 ? PaymentMethod.Cheque : PaymentMethod.BankTransfer;
            var request = new RecordPaymentRequest
            {
                InvoiceId = invoice.Id,
                Method = method,
                Amount = part ? Portal.Core.Currencies.Currency.Of(invoice.Currency).Round(invoice.AmountDue * 0.4m) : more ? (decimal.Floor(invoice.AmountDue / 1000) + 1) * 1000 : invoice.AmountDue,
                Reference = $"{(method == PaymentMethod.Cheque ? "CHQ" : invoice.Currency == "INR" ? "NEFT" : "WIRE")} {invoice.Number}",
                ReceivedAt = at,
            };
            (await actions.Get<RecordPayment>().RunAsync(s_call, request, cancellationToken)).Expect();
        }
    }

    // A mistake that was seen before it was paid: called off, and made anew.
    private async Task CorrectAsync(BillingMonth month, Guid organisation, DateTimeOffset at, CancellationToken cancellationToken)
    {
        actions.Clock.Now = at;
        var open = await ListAsync(new InvoiceFilter { Month = month, OrganisationId = organisation, Open = true }, cancellationToken);
        if (open.FirstOrDefault(invoice => invoice.AmountPaid == 0) is not { } wrong)
            return;
        (await actions.Get<VoidInvoice>().RunAsync(s_call, new VoidInvoiceRequest(wrong.Id, "Sent with an old address"), cancellationToken)).Expect();
        await RunAsync(month, organisation, at.AddMinutes(5), cancellationToken);
        actions.Clock.Now = at.AddMinutes(10);
        var drafts = await ListAsync(new InvoiceFilter { Month = month, OrganisationId = organisation, Status = InvoiceStatus.Draft }, cancellationToken);
        (await actions.Get<IssueInvoices>().RunAsync(s_call, new IssueInvoicesRequest { InvoiceIds = [.. drafts.Select(draft => draft.Id)] }, cancellationToken)).Expect();
    }

    private async Task<IReadOnlyList<InvoiceSummary>> ListAsync(InvoiceFilter filter, CancellationToken cancellationToken) =>
        (await actions.Get<ListInvoices>().RunAsync(s_call, filter, new ListRequest { Take = Page, Sort = "organisation" }, cancellationToken)).Expect().Items;
}
