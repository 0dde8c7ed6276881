using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Settings;

namespace Portal.Core.Emails;

/// <summary>Sends a mail at once, to find out whether mail works. It is not retried and not listed among the mails.</summary>
public sealed class SendTestEmail(IBillingStore store, IEmailTransport transport, TimeProvider clock)
{
    // No entity: what it is about is the mail settings.
    private static readonly Guid s_mail = new("01900000-0000-7000-8000-0000000000a1");

    /// <summary>Needs <c>settings:write</c>, as staff. Invalid <c>recipient</c>; unavailable <c>mail_failed</c> with what the server said.</summary>
    public async Task<Result<EmailOutcome>> RunAsync(CallContext call, string? recipient, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.SettingsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (recipient?.Trim() is not { } address || !EmailAddress.IsValid(address))
            return Failure.Invalid("recipient", "Enter an email address, such as you@example.com.");
        var now = clock.GetUtcNow();
        PlatformSettings settings;
        await using (var db = await store.OpenAsync(call.Scope, cancellationToken))
            settings = await db.PlatformSettingsAsync(cancellationToken);
        var outcome = await transport.SendAsync(Content(call, settings).To(Guid.CreateVersion7(now), new EmailAddress(address)), cancellationToken);
        await using (var db = await store.OpenAsync(call.Scope, cancellationToken))
        {
            db.Audit(call, new AuditRecord("mail.tested", "settings", s_mail, null, null, new { Recipient = address, Outcome = outcome.Kind, outcome.ReplyCode }), now);
            await db.CommitAsync(cancellationToken);
        }

        return outcome.IsSent ? outcome : Failure.Unavailable("mail_failed", $"The email could not be sent. {outcome.Detail ?? "The server gave no reason."}");
    }

    private static EmailContent Content(CallContext call, PlatformSettings settings) => new EmailLayout
    {
        Subject = "Test email from Billing Portal",
        Preview = "Email works.",
        Brand = settings.Seller.LegalName is { Length: > 0 } name ? name : "Billing Portal",
        Heading = "Email works",
        Paragraphs = ["This is a test. If it reached your inbox, invoices and receipts will too."],
        Footer = [$"{call.Actor.Name} sent this email from the settings page."],
    }.Render();
}
