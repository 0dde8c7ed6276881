using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Components.Layout;
using Portal.Components.Listing;
using Portal.Components.Shared;
using Portal.Components.Shared.Dialogs;
using Portal.Core.Currencies;
using Portal.Core.Emails;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Payments;

namespace Portal.Components.Admin.Invoices;

/// <summary>An invoice as its document, with what staff can do with it.</summary>
public sealed partial class InvoicePage(
    ICallContexts calls, GetInvoice get, GetInvoiceDocument getDocument, ListEmails listEmails, IssueInvoice issue, DiscardDraft discard, VoidInvoice voidInvoice, ResendEmail resend, Toasts toasts, NavigationManager navigation)
{
    private static readonly Crumb[] s_crumbs = [new("Invoices", "/admin/billing/invoices")];

    private LoadView<InvoiceView>? _view;
    private ConfirmDialog? _issue;
    private ConfirmDialog? _discard;
    private bool _recording;
    private bool _voiding;
    private bool _proving;
    private string? _reason;

    [Parameter] public Guid Id { get; set; }

    [CascadingParameter] private Viewer Viewer { get; set; } = Viewer.Default;

    private async Task<Result<InvoiceView>> LoadAsync(CancellationToken cancellation)
    {
        var call = await calls.ForStaffAsync(cancellation);
        var details = await get.RunAsync(call, Id, cancellation);
        if (!details.Succeeded)
            return Result<InvoiceView>.From(details.Failures);
        var document = await getDocument.RunAsync(call, details.Value, cancellation);
        if (!document.Succeeded)
            return Result<InvoiceView>.From(document.Failures);
        // Nobody has written about a draft.
        if (details.Value.Invoice.Status == InvoiceStatus.Draft)
            return new InvoiceView(details.Value, document.Value, []);
        var mails = await listEmails.RunAsync(call, new EmailFilter(SubjectId: Id), new ListRequest { Take = 20 }, cancellation);
        return new InvoiceView(details.Value, document.Value, mails.Succeeded ? mails.Value.Items : []);
    }

    private Task ReloadAsync() => _view?.ReloadAsync() ?? Task.CompletedTask;

    private async Task<IReadOnlyList<Failure>> IssueAsync(CancellationToken cancellation)
    {
        var issued = await issue.RunAsync(await calls.ForStaffAsync(cancellation), Id, cancellation);
        if (issued.Succeeded)
        {
            toasts.Done($"Issued as {issued.Value}.");
            await ReloadAsync();
        }

        return issued.Failures;
    }

    private async Task<IReadOnlyList<Failure>> DiscardAsync(CancellationToken cancellation)
    {
        var discarded = await discard.RunAsync(await calls.ForStaffAsync(cancellation), Id, cancellation);
        if (discarded.Succeeded)
        {
            toasts.Done("Draft deleted.");
            navigation.NavigateTo("/admin/billing/invoices");
        }

        return discarded.Failures;
    }

    private async Task<IReadOnlyList<Failure>> VoidAsync(CancellationToken cancellation)
    {
        var voided = await voidInvoice.RunAsync(await calls.ForStaffAsync(cancellation), new VoidInvoiceRequest(Id, _reason), cancellation);
        if (voided.Succeeded)
        {
            _voiding = false;
            toasts.Done("Invoice voided.");
            await ReloadAsync();
        }

        return voided.Failures;
    }

    private async Task RecordedAsync(RecordedPayment payment)
    {
        _recording = false;
        toasts.Done(payment.AccountCredit > 0
            ? $"Recorded. {MoneyFormat.Amount(payment.AccountCredit, Currency.Of(payment.Currency), Viewer.Locale)} overpaid was added to account credit."
            : "Payment recorded.");
        await ReloadAsync();
    }

    private async Task ResendAsync(EmailRow mail)
    {
        var sent = await resend.RunAsync(await calls.ForStaffAsync(), mail.Id, CancellationToken.None);
        if (sent.Succeeded)
            toasts.Done("Email resent.");
        else
            toasts.Failed(sent.Failure.Message);
        await ReloadAsync();
    }

    private static IReadOnlyList<TimelineEvent> EventsOf(InvoiceDetails details) =>
        [.. details.Timeline.Reverse().Select(entry => new TimelineEvent(entry.At, Choices.Happened(entry.Action), entry.ActorName))];
}

/// <summary>What the page of an invoice shows.</summary>
/// <param name="Details">The invoice with all that belongs to it.</param>
/// <param name="Document">As it is printed.</param>
/// <param name="Mails">Sent about it, newest first.</param>
public sealed record InvoiceView(InvoiceDetails Details, InvoiceDocument Document, IReadOnlyList<EmailRow> Mails);
