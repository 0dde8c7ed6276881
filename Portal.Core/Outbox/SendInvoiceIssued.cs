using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Emails;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Payments;
using Portal.Core.Settings;

namespace Portal.Core.Outbox;

/// <summary>Makes the document of an invoice that was issued and mails it.</summary>
public sealed class SendInvoiceIssued(IBillingStore store, IInvoiceFiles files, SendEmail send, PaymentsAvailability payments, IPortalLinks links) : IOutboxHandler
{
    private static readonly CallContext s_call = CallContext.System("outbox", "mails of every organisation leave from one place");

    public string Kind => OutboxKinds.InvoiceIssued;

    public async Task<OutboxOutcome> HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (await ReadAsync(message.SubjectId, cancellationToken) is not var (invoice, customer, seller))
            return new OutboxOutcome.Hopeless("There is no such invoice.");
        var file = await files.EnsureAsync(s_call, invoice.Id, cancellationToken);
        if (!file.Succeeded)
            return new OutboxOutcome.Failed($"{file.Failure.Code}: {file.Failure.Message}");
        // Called off before the mail went out: there is nothing to pay any more.
        if (invoice.Status == InvoiceStatus.Void || await send.IsSettledAsync(s_call, EmailTemplates.InvoiceIssued, invoice.Id, cancellationToken))
            return new OutboxOutcome.Done();
        return await send.RunAsync(s_call, new EmailRequest(EmailTemplates.InvoiceIssued, invoice.Id, invoice.OrganisationId, customer.Email,
            Compose(invoice, customer, seller), ReplyTo(seller), [EmailAttachment.Pdf(invoice.Number!, file.Value)]), cancellationToken);
    }

    public Task GivenUpAsync(OutboxMessage message, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return send.GiveUpAsync(s_call, EmailTemplates.InvoiceIssued, message.SubjectId, reason, cancellationToken);
    }

    internal static EmailAddress? ReplyTo(SellerProfile seller) => EmailAddress.IsValid(seller.Email) ? new EmailAddress(seller.Email) : null;

    private EmailContent Compose(Invoice invoice, MailCustomer customer, SellerProfile seller)
    {
        var currency = Currency.Of(invoice.Currency);
        var page = links.Invoice(invoice.OrganisationId, invoice.Id);
        return new InvoiceIssuedEmail
        {
            SellerName = seller.LegalName,
            CustomerName = customer.Name,
            Number = invoice.Number!,
            IssueDate = DateFormat.DayIn(invoice.IssuedAt!.Value, invoice.TimeZone),
            DueDate = invoice.DueAt is { } due ? DateFormat.DayIn(due, invoice.TimeZone) : null,
            Period = (DateFormat.DayIn(invoice.PeriodStart, invoice.TimeZone), DateFormat.DayIn(invoice.PeriodEnd, invoice.TimeZone).AddDays(-1)),
            Total = new Money(invoice.Total, currency),
            AmountDue = new Money(invoice.AmountDue, currency),
            Locale = invoice.Locale,
            PayLink = payments.Run().IsOn ? page : null,
            ViewLink = page,
            SupportEmail = seller.Email,
        }.Compose();
    }

    private async Task<(Invoice Invoice, MailCustomer Customer, SellerProfile Seller)?> ReadAsync(Guid invoiceId, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_call.Scope, cancellationToken);
        var invoice = await db.Invoices.AsNoTracking().SingleOrDefaultAsync(row => row.Id == invoiceId && row.Status != InvoiceStatus.Draft, cancellationToken);
        if (invoice is null)
            return null;
        var customer = await db.Organisations.Where(row => row.Id == invoice.OrganisationId).Select(row => new MailCustomer(row.Name, row.BillingEmail)).SingleAsync(cancellationToken);
        return (invoice, customer, (await db.PlatformSettingsAsync(cancellationToken)).Seller);
    }

    private sealed record MailCustomer(string Name, string Email);
}
