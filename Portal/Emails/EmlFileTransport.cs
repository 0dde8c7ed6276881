using System.Net.Mail;
using Microsoft.Extensions.Options;
using Portal.Core.Emails;

namespace Portal.Emails;

/// <summary>Keeps mails as files where no mail server is set up: the very bytes that would have been sent.</summary>
internal sealed class EmlFileTransport(IOptions<SmtpOptions> options, EmlStore store, TimeProvider time, ILogger<EmlFileTransport> log) : IEmailTransport
{
    public async Task<EmailOutcome> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = time.GetUtcNow();
        var sender = options.Value.Sender;
        using var mail = MimeMail.Of(message, sender, now);
        var folder = store.MakePickup();
        try
        {
            using (var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder })
                await client.SendMailAsync(mail, cancellationToken);
            var path = store.Keep(Directory.GetFiles(folder, "*.eml").Single(), message.Id, now);
            Log.Kept(log, message.Id);
            return new(EmailOutcomeKind.Sent, MimeMail.MessageId(message, sender), null, $"Kept as {Path.GetFileName(path)}: no mail server is set up.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SmtpException)
        {
            Log.NotSent(log, message.Id, EmailOutcomeKind.FailedForNow, 0);
            return new(EmailOutcomeKind.FailedForNow, MimeMail.MessageId(message, sender), null, $"The mail could not be kept: {e.Message}");
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }
}
