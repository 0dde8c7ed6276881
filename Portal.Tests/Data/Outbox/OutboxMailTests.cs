using Microsoft.EntityFrameworkCore;
using Portal.Core.Emails;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Outbox;
using Portal.Core.Payments;
using Portal.Tests.Data.Payments;

namespace Portal.Tests.Data.Outbox;

public sealed class OutboxMailTests(PaymentsWorld world) : IClassFixture<PaymentsWorld>
{
    private static int s_last;

    private async Task<(Organisation Organisation, Guid Invoice, string Email)> IssueAsync(string? email = null)
    {
        email ??= $"accounts{Interlocked.Increment(ref s_last)}@example.com";
        var organisation = await world.OrganisationAsync(email);
        var invoice = await world.InvoiceAsync(organisation, 118m);
        await WriteAsync(OutboxKinds.InvoiceIssued, invoice, organisation);
        return (organisation, invoice, email);
    }

    private async Task WriteAsync(string kind, Guid subject, Organisation organisation)
    {
        await using var db = await world.Store.OpenAsync(PaymentsWorld.System.Scope, CancellationToken.None);
        db.Outbox.Add(OutboxMessage.Create(kind, subject, organisation.Id, world.Clock.GetUtcNow()));
        await db.CommitAsync(CancellationToken.None);
    }

    private Task<EmailNotification> MailAsync(Guid subject) => world.ReadAsync(db => db.Emails.AsNoTracking().SingleAsync(row => row.SubjectId == subject));

    [Fact]
    public async Task An_issued_invoice_is_mailed_once_with_its_document_and_a_way_to_pay()
    {
        var (organisation, invoice, email) = await IssueAsync();
        await world.WorkOutboxOffAsync();
        await WriteAsync(OutboxKinds.InvoiceIssued, invoice, organisation);
        await world.WorkOutboxOffAsync();
        var mail = world.Mail.To(email).ShouldHaveSingleItem();
        var number = (await world.InvoiceAsync(invoice)).Number!;
        mail.Subject.ShouldContain(number);
        mail.Text.ShouldContain($"https://billing.example.com/o/{organisation.Id}/invoices/{invoice}");
        mail.Attachments.ShouldHaveSingleItem().Content.ToArray().ShouldBe("%PDF-invoice"u8.ToArray());
        mail.ReplyTo!.Address.ShouldBe("billing@example.com");
        var row = await MailAsync(invoice);
        (row.Status, row.Template, row.Recipient, row.Attempts).ShouldBe((EmailStatus.Sent, EmailTemplates.InvoiceIssued, email, 1));
        mail.Id.ShouldBe(row.Id);
    }

    [Fact]
    public async Task A_settled_payment_is_receipted_once_whatever_comes_twice()
    {
        var email = $"receipts{Interlocked.Increment(ref s_last)}@example.com";
        var organisation = await world.OrganisationAsync(email);
        var invoice = await world.InvoiceAsync(organisation, 100m);
        var session = await world.StartAsync(organisation, invoice);
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        foreach (var index in Enumerable.Range(0, 3))
            await world.ReceiveAsync("payment.captured", payment, $"evt_{session.OrderId:n}_{index}");
        await world.WorkEventsOffAsync();
        await Task.WhenAll(world.WorkOutboxOffAsync(), world.WorkOutboxOffAsync());
        var mail = world.Mail.To(email).ShouldHaveSingleItem();
        mail.Subject.ShouldStartWith("Receipt from Example Seller");
        mail.Text.ShouldContain(payment.Id);
        mail.Attachments.ShouldHaveSingleItem().FileName.ShouldStartWith("RC-");
        var document = world.Documents.LastReceipt!;
        (document.Amount, document.Method, document.Unallocated).ShouldBe((100m, "UPI", 0m));
        document.Allocations.ShouldHaveSingleItem().StillDue.ShouldBe(0m);
    }

    [Fact]
    public async Task A_receipt_of_cash_and_tax_deducted_names_both()
    {
        var organisation = await world.OrganisationAsync($"tds{Interlocked.Increment(ref s_last)}@example.com");
        var invoice = await world.InvoiceAsync(organisation, 118000m);
        await world.Get<RecordPayment>().RunAsync(PaymentsWorld.Staff, new RecordPaymentRequest { InvoiceId = invoice, Amount = 108000m, TdsAmount = 10000m, ReceivedAt = world.Clock.GetUtcNow() }, CancellationToken.None);
        await world.WorkOutboxOffAsync();
        var allocation = world.Documents.LastReceipt!.Allocations.ShouldHaveSingleItem();
        (allocation.Amount, allocation.TaxDeducted, allocation.StillDue).ShouldBe((108000m, 10000m, 0m));
    }

    [Fact]
    public async Task A_busy_server_is_tried_again_with_the_same_id()
    {
        var (_, invoice, email) = await IssueAsync();
        world.Mail.Decide = mail => mail.To[0].Address == email ? EmailOutcomeKind.FailedForNow : EmailOutcomeKind.Sent;
        await world.WorkOutboxOffAsync();
        var waiting = await MailAsync(invoice);
        (waiting.Status, waiting.Error, waiting.Attempts).ShouldBe((EmailStatus.Pending, "the server says no", 1));
        world.Mail.Decide = _ => EmailOutcomeKind.Sent;
        world.Clock.Advance(TimeSpan.FromSeconds(6));
        await world.WorkOutboxOffAsync();
        (await MailAsync(invoice)).Status.ShouldBe(EmailStatus.Sent);
        world.Mail.To(email).Select(mail => mail.Id).Distinct().Count().ShouldBe(1);
        world.Mail.To(email).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_mailbox_that_does_not_exist_is_not_tried_again_until_staff_ask_for_it()
    {
        var (organisation, invoice, email) = await IssueAsync();
        world.Mail.Decide = mail => mail.To[0].Address == email ? EmailOutcomeKind.FailedForGood : EmailOutcomeKind.Sent;
        await world.WorkOutboxOffAsync();
        world.Clock.Advance(TimeSpan.FromDays(2));
        await world.WorkOutboxOffAsync();
        var failed = await MailAsync(invoice);
        (failed.Status, world.Mail.To(email).Count).ShouldBe((EmailStatus.Failed, 1));
        (await world.Get<ListEmails>().RunAsync(PaymentsWorld.Staff, new EmailFilter(organisation.Id, Status: EmailStatus.Failed), new ListRequest(), CancellationToken.None)).Value.Items.ShouldHaveSingleItem().Id.ShouldBe(failed.Id);

        world.Mail.Decide = _ => EmailOutcomeKind.Sent;
        (await world.Get<ResendEmail>().RunAsync(PaymentsWorld.Customer(organisation.Id), failed.Id, CancellationToken.None)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await world.Get<ResendEmail>().RunAsync(PaymentsWorld.Staff, failed.Id, CancellationToken.None)).Succeeded.ShouldBeTrue();
        (await world.Get<ResendEmail>().RunAsync(PaymentsWorld.Staff, failed.Id, CancellationToken.None)).Failure.Code.ShouldBe("email_pending");
        await world.WorkOutboxOffAsync();
        (await MailAsync(invoice)).Status.ShouldBe(EmailStatus.Sent);
        // Another mail to mail programs, which would hide a second one of the same id.
        world.Mail.To(email).Select(mail => mail.Id).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_mail_that_never_gets_through_ends_as_failed()
    {
        var (_, invoice, email) = await IssueAsync();
        world.Mail.Decide = mail => mail.To[0].Address == email ? EmailOutcomeKind.FailedForNow : EmailOutcomeKind.Sent;
        for (var day = 0; day <= RetrySchedule.MaxAttempts; day++)
        {
            await world.WorkOutboxOffAsync();
            world.Clock.Advance(TimeSpan.FromDays(1));
        }

        world.Mail.Decide = _ => EmailOutcomeKind.Sent;
        (await MailAsync(invoice)).Status.ShouldBe(EmailStatus.Failed);
        var message = await world.ReadAsync(db => db.Outbox.AsNoTracking().SingleAsync(row => row.SubjectId == invoice));
        message.DeadAt.ShouldNotBeNull();
        (await world.Get<RetryOutboxMessage>().RunAsync(PaymentsWorld.Staff, message.Id, CancellationToken.None)).Succeeded.ShouldBeTrue();
        await world.WorkOutboxOffAsync();
        (await MailAsync(invoice)).Status.ShouldBe(EmailStatus.Sent);
    }

    [Fact]
    public async Task Without_the_document_the_invoice_waits_and_the_receipt_goes_without_it_in_the_end()
    {
        var (organisation, invoice, email) = await IssueAsync();
        var recorded = (await world.Get<RecordPayment>().RunAsync(PaymentsWorld.Staff, new RecordPaymentRequest { InvoiceId = invoice, Amount = 18m, ReceivedAt = world.Clock.GetUtcNow() }, CancellationToken.None)).Value;
        world.Documents.IsBroken = true;
        try
        {
            for (var attempt = 0; attempt < 3; attempt++)
            {
                await world.WorkOutboxOffAsync();
                world.Clock.Advance(TimeSpan.FromMinutes(1));
            }
        }
        finally
        {
            world.Documents.IsBroken = false;
        }

        world.Mail.To(email).ShouldHaveSingleItem().Attachments.ShouldBeEmpty();
        (await MailAsync(recorded.PaymentId)).Status.ShouldBe(EmailStatus.Sent);
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.WorkOutboxOffAsync();
        (await MailAsync(invoice)).Status.ShouldBe(EmailStatus.Sent);
        organisation.BillingEmail.ShouldBe(email);
    }

    [Fact]
    public async Task An_invoice_that_was_voided_meanwhile_is_not_mailed_and_an_address_that_is_none_fails()
    {
        var (_, invoice, email) = await IssueAsync();
        await using (var db = await world.Store.OpenAsync(PaymentsWorld.System.Scope, CancellationToken.None))
        {
            (await db.LockAsync<Invoice>(invoice, CancellationToken.None))!.MarkVoid("mistake", world.Clock.GetUtcNow());
            await db.CommitAsync(CancellationToken.None);
        }

        var (_, nowhere, _) = await IssueAsync("not an address");
        await world.WorkOutboxOffAsync();
        world.Mail.To(email).ShouldBeEmpty();
        (await MailAsync(nowhere)).Status.ShouldBe(EmailStatus.Failed);
    }
}
