using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Emails;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Payments;
using Portal.Core.PrepaidCredits;

namespace Portal.Core.Outbox;

/// <summary>Mails the receipt of a payment that has become ours.</summary>
public sealed class SendPaymentReceipt(IBillingStore store, IInvoicePdf pdf, EnsureVoucherFile vouchers, SendEmail send, IPortalLinks links) : IOutboxHandler
{
    // So often the receipt's document is waited for; then the mail, which says the same, goes without it.
    private const int AttemptsForDocument = 3;

    private static readonly CallContext s_call = CallContext.System("outbox", "mails of every organisation leave from one place");

    public string Kind => OutboxKinds.PaymentReceived;

    public async Task<OutboxOutcome> HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (await send.IsSettledAsync(s_call, EmailTemplates.PaymentReceipt, message.SubjectId, cancellationToken))
            return new OutboxOutcome.Done();
        ReceiptFacts? facts;
        await using (var db = await store.OpenAsync(s_call.Scope, cancellationToken))
            facts = await ReceiptFacts.ReadAsync(db, message.SubjectId, cancellationToken);
        if (facts is null)
            return new OutboxOutcome.Hopeless("There is no such payment.");
        var attached = new List<EmailAttachment>();
        try
        {
            attached.Add(EmailAttachment.Pdf(facts.Number, await pdf.RenderAsync(facts.Document(), cancellationToken)));
            if (facts.Purchase is { } purchase)
            {
                var voucher = await vouchers.RunAsync(s_call, purchase.Id, cancellationToken);
                if (voucher.Succeeded)
                    attached.Add(EmailAttachment.Pdf(voucher.Value.Number, voucher.Value.Content));
                else if (voucher.Failure.Kind == FailureKind.Unavailable && message.Attempts < AttemptsForDocument)
                    return new OutboxOutcome.Failed(voucher.Failure.Message);
            }
        }
        catch (DocumentException exception)
        {
            if (exception.IsTransient && message.Attempts < AttemptsForDocument)
                return new OutboxOutcome.Failed(exception.Message);
        }

        return await send.RunAsync(s_call, new EmailRequest(EmailTemplates.PaymentReceipt, facts.Payment.Id, facts.Payment.OrganisationId, facts.CustomerEmail,
            Compose(facts, attached.Count > 0), SendInvoiceIssued.ReplyTo(facts.Seller), attached), cancellationToken);
    }

    public Task GivenUpAsync(OutboxMessage message, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return send.GiveUpAsync(s_call, EmailTemplates.PaymentReceipt, message.SubjectId, reason, cancellationToken);
    }

    private EmailContent Compose(ReceiptFacts facts, bool hasAttachment) => new PaymentReceiptEmail
    {
        SellerName = facts.Seller.LegalName,
        CustomerName = facts.CustomerName,
        ReceiptNumber = facts.Number,
        Amount = new Money(facts.Payment.Amount, facts.Currency),
        PaidOn = facts.PaidOn,
        Method = facts.Method,
        Reference = facts.Reference,
        InvoiceNumbers = [.. facts.Invoices.Select(invoice => invoice.Number)],
        StillDue = new Money(facts.Invoices.Sum(invoice => invoice.AmountDue), facts.Currency),
        Credited = facts.Surplus > 0 ? new Money(facts.Surplus, facts.Currency) : null,
        HasAttachment = hasAttachment,
        Locale = facts.Locale,
        ViewLink = facts.Invoices is [var only] ? links.Invoice(facts.Payment.OrganisationId, only.Id) : links.Payments(facts.Payment.OrganisationId),
        SupportEmail = facts.Seller.Email,
    }.Compose();
}
