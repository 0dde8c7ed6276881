using System.Globalization;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Portal.Core.Emails;

namespace Portal.Emails;

/// <summary>Our mail as the framework's: the one place that decides what goes over the wire, and into a file.</summary>
internal static class MimeMail
{
    /// <summary>Dispose of the result when it is sent: it holds the attachments' streams.</summary>
    public static MailMessage Of(EmailMessage message, EmailAddress sender, DateTimeOffset now)
    {
        var from = message.From ?? sender;
        var mail = new MailMessage
        {
            From = Box(from),
            Subject = message.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
            Body = message.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
            IsBodyHtml = false,
        };
        foreach (var recipient in message.To)
            mail.To.Add(Box(recipient));
        if (message.ReplyTo is { } replyTo)
            mail.ReplyToList.Add(Box(replyTo));
        mail.Headers.Add("Message-ID", MessageId(message, from));
        mail.Headers.Add("Date", now.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000");
        foreach (var (name, value) in message.Headers)
            mail.Headers.Add(name, value);
        var html = AlternateView.CreateAlternateViewFromString(message.Html, Encoding.UTF8, MediaTypeNames.Text.Html);
        html.TransferEncoding = TransferEncoding.QuotedPrintable;
        mail.AlternateViews.Add(html);
        foreach (var attachment in message.Attachments)
            mail.Attachments.Add(Attached(attachment, now));
        return mail;
    }

    /// <summary>The same for every attempt at the same mail.</summary>
    public static string MessageId(EmailMessage message, EmailAddress sender) => $"<{message.Id:n}@{(message.From ?? sender).Domain}>";

    private static MailAddress Box(EmailAddress address) => new(address.Address, address.Name, Encoding.UTF8);

    private static Attachment Attached(EmailAttachment attachment, DateTimeOffset now)
    {
        var file = new Attachment(new MemoryStream(attachment.Content.ToArray(), writable: false), attachment.FileName, attachment.ContentType)
        {
            TransferEncoding = TransferEncoding.Base64,
            NameEncoding = Encoding.UTF8,
        };
        file.ContentDisposition!.Inline = false;
        file.ContentDisposition.FileName = attachment.FileName;
        file.ContentDisposition.CreationDate = now.UtcDateTime;
        file.ContentDisposition.Size = attachment.Content.Length;
        return file;
    }
}
