using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Portal.Emails;

/// <summary>The markup of the pages below <c>/dev/mail</c>.</summary>
internal static class DevMailPages
{
    public static string List(IReadOnlyList<(EmlFile File, EmlMail Mail)> mails, string? host, int limit)
    {
        var page = Start("Mail");
        page.Append("<h1>Mail</h1>\n");
        page.Append(host is null
            ? "<p>No mail server is set up, so mails are kept as files. Set <code>Smtp:Host</code> to send them.</p>\n"
            : $"<p>Mails are sent through <code>{E(host)}</code>. Those below were kept before it was set up.</p>\n");
        if (mails.Count == 0)
            return End(page.Append("<p class=\"empty\">Nothing yet. Issue an invoice, and its mail appears here.</p>\n"));
        page.Append("<table>\n<caption>").Append(CultureInfo.InvariantCulture, $"The latest {mails.Count} mails").Append(mails.Count == limit ? ", older ones are in the folder" : "")
            .Append("</caption>\n<thead><tr><th scope=\"col\">Subject</th><th scope=\"col\">To</th><th scope=\"col\">Date</th><th scope=\"col\">Files</th></tr></thead>\n<tbody>\n");
        foreach (var (file, mail) in mails)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td><a href=\"/dev/mail/{file.Name}\">{E(mail.Subject)}</a></td><td>{E(mail.To)}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{E(mail.Headers.GetValueOrDefault("Date", ""))}</td><td>{mail.Attachments.Count}</td></tr>\n");
        }
        return End(page.Append("</tbody>\n</table>\n"));
    }

    public static string One(EmlFile file, EmlMail mail)
    {
        var page = Start(mail.Subject);
        page.Append(CultureInfo.InvariantCulture, $"<p><a href=\"/dev/mail\">All mail</a></p>\n<h1>{E(mail.Subject)}</h1>\n<dl>\n");
        foreach (var name in new[] { "From", "To", "Reply-To", "Date", "Message-ID" })
        {
            if (mail.Headers.TryGetValue(name, out var value))
                page.Append(CultureInfo.InvariantCulture, $"<div><dt>{name}</dt><dd>{E(value)}</dd></div>\n");
        }
        page.Append("</dl>\n<ul class=\"files\">\n");
        for (var index = 0; index < mail.Attachments.Count; index++)
        {
            var part = mail.Attachments[index];
            page.Append(CultureInfo.InvariantCulture, $"<li><a href=\"/dev/mail/{file.Name}/attachments/{index}\">{E(part.FileName)}</a> ({part.Content.Length:#,0} bytes)</li>\n");
        }
        page.Append(CultureInfo.InvariantCulture, $"<li><a href=\"/dev/mail/{file.Name}/raw\">Source</a></li>\n</ul>\n");
        if (mail.Html is not null)
            page.Append(CultureInfo.InvariantCulture, $"<h2>HTML</h2>\n<iframe title=\"The mail as HTML\" src=\"/dev/mail/{file.Name}/html\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\"></iframe>\n");
        if (mail.Text is not null)
            page.Append(CultureInfo.InvariantCulture, $"<h2>Text</h2>\n<pre>{E(mail.Text)}</pre>\n");
        return End(page);
    }

    private static StringBuilder Start(string title) => new StringBuilder(4096).Append(CultureInfo.InvariantCulture, $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{E(title)} · Billing Portal</title>
        <link rel="stylesheet" href="/dev/mail/style.css">
        </head>
        <body>
        <main>

        """);

    private static string End(StringBuilder page) => page.Append("</main>\n</body>\n</html>\n").ToString();

    private static string E(string text) => HtmlEncoder.Default.Encode(text);
}
