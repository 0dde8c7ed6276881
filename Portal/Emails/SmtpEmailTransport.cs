using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Options;
using Portal.Core.Emails;

namespace Portal.Emails;

/// <summary>Sends through the mail server of the section <c>Smtp</c>, a connection per mail.</summary>
internal sealed class SmtpEmailTransport(IOptions<SmtpOptions> options, TimeProvider time, ILogger<SmtpEmailTransport> log) : IEmailTransport
{
    public async Task<EmailOutcome> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        var smtp = options.Value;
        var messageId = MimeMail.MessageId(message, smtp.Sender);
        using var mail = MimeMail.Of(message, smtp.Sender, time.GetUtcNow());
        using var client = new SmtpClient(smtp.Host, smtp.Port)
        {
            EnableSsl = smtp.Security == SmtpSecurity.StartTls,
            UseDefaultCredentials = false,
            Credentials = string.IsNullOrEmpty(smtp.User) ? null : new NetworkCredential(smtp.User, smtp.Password),
        };
        // Real time on purpose: this bounds a real connection. The client's own time-out is for synchronous calls only.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(smtp.TimeoutSeconds));
        try
        {
            await client.SendMailAsync(mail, patience.Token);
            Log.Sent(log, message.Id);
            return new(EmailOutcomeKind.Sent, messageId, null, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotSent(log, message.Id, EmailOutcomeKind.FailedForNow, 0);
            return new(EmailOutcomeKind.FailedForNow, messageId, null, $"The mail server did not finish within {smtp.TimeoutSeconds} s.");
        }
        catch (Exception e) when (e is SmtpException or IOException or SocketException or AuthenticationException or InvalidOperationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var outcome = SmtpFailure.Outcome(e, messageId);
            Log.NotSent(log, message.Id, outcome.Kind, outcome.ReplyCode ?? 0);
            return outcome;
        }
    }
}
