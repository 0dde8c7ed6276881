using System.Globalization;
using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Payments;

namespace Portal.Demo;

/// <summary>What the demo's customers were billed, month by month, and how they paid: by the product's own actions, each on its day.</summary>
internal sealed class DemoBooks(DemoActions actions, DemoCheckout checkout)
{
    private const int Page = 200;

    // What the provider takes of the demo's currencies, to the last digit.
    private static readonly HashSet<string> s_online = new(["INR", "USD", "EUR", "GBP", "AUD", "SGD"], StringComparer.Ordinal);
    private static readonly CallContext s_call = CallContext.System("demo", "Makes the demo");

    private int _paidOnline;

    public async Task MakeAsync(IReadOnlyList<DemoCustomer> customers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var current = new BillingMonth(now.Year, now.Month);
        var habits = customers.Select((customer, index) => (customer.OrganisationId, index)).ToDictionary(pair => pair.OrganisationId, pair => pair.index);
        var unhurried = customers.Where(customer => customer.Company is { Currency: "INR", TermsDays: > 15 }).ToDictionary(customer => customer.OrganisationId, customer => customer.Company.TermsDays);
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
            await PayAsync(month, current, habits, unhurried, now, cancellationToken);
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

    private async Task PayAsync(BillingMonth month, BillingMonth current, Dictionary<Guid, int> habits, Dictionary<Guid, int> unhurried, DateTimeOffset now, CancellationToken cancellationToken)
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
            // Who has longer to pay takes it, the last time: what is owed is not all past due.
            if (age == 1 && unhurried.TryGetValue(invoice.OrganisationId, out var terms))
                days = terms - 1;
            var at = invoice.IssuedAt!.Value.AddDays(days).AddMinutes(habit * 13);
            if (at > now)
                continue;
            actions.Clock.Now = at;
            var part = habit % 10 == 8 && age <= 2;
            // Two paid a round sum that was more than the invoice, once: the rest is account credit, which the next invoice takes, or is still to take.
            var more = (habit == 3 && age == 3) || (habit == 13 && age == 1);
            // About half pay online: what is neither a part nor a round sum.
            if (!part && !more && habit % 7 != 4 && (habit == 0 || habit % 2 == 1) && s_online.Contains(invoice.Currency))
            {
                await PayOnlineAsync(invoice, habit, at, cancellationToken);
                continue;
            }

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

    // By the way that suits the sum: an account moves more at once than a telephone.
    private Task PayOnlineAsync(InvoiceSummary invoice, int habit, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var method = invoice.Currency != "INR" ? "card" : invoice.AmountDue > 100_000 ? "netbanking" : ((habit + invoice.Month.Month) % 3) switch
        {
            0 => "card",
            1 => "netbanking",
            _ => "upi",
        };
        var order = PaymentOrder.Intend(invoice.OrganisationId, invoice.Id, invoice.Currency, invoice.AmountDue, at);
        return checkout.PayAsync(order, $"Inv{(++_paidOnline).ToString("0000", CultureInfo.InvariantCulture)}", method, at, null, cancellationToken);
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
