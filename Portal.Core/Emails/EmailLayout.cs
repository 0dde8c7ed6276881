using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Portal.Core.Emails;

/// <summary>
/// The one shape that all our mails have, as plain text and as HTML: who it is from, a heading, a few sentences, facts, one button, and why it
/// was sent. Everything that is put in is text and is encoded; nothing is loaded from anywhere.
/// </summary>
public sealed record EmailLayout
{
    // Names in any script stay readable in the source; what matters to HTML is always encoded.
    private static readonly HtmlEncoder s_html = HtmlEncoder.Create(UnicodeRanges.All);

    public required string Subject { get; init; }

    /// <summary>The line that lists of mail show after the subject.</summary>
    public required string Preview { get; init; }

    /// <summary>The sender's name, on top.</summary>
    public required string Brand { get; init; }

    public required string Heading { get; init; }

    /// <summary>Sentences before the facts.</summary>
    public IReadOnlyList<string> Paragraphs { get; init; } = [];

    /// <summary>Names and values.</summary>
    public IReadOnlyList<EmailFact> Facts { get; init; } = [];

    /// <summary>The one thing to do.</summary>
    public EmailAction? Action { get; init; }

    /// <summary>Sentences after the button.</summary>
    public IReadOnlyList<string> Closing { get; init; } = [];

    /// <summary>At the foot: why the reader gets this, and from whom.</summary>
    public IReadOnlyList<string> Footer { get; init; } = [];

    public EmailContent Render() => new(OneLine(Subject), ToText(), ToHtml());

    /// <summary>Text for a place that has one line: control characters and line breaks become spaces.</summary>
    internal static string OneLine(string text) =>
        string.Join(' ', string.Concat(text.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter)).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private string ToText()
    {
        var text = new StringBuilder();
        void Block(string block) => text.Append(block).Append("\r\n\r\n");
        Block(OneLine(Heading));
        foreach (var paragraph in Paragraphs)
            Block(OneLine(paragraph));
        if (Facts.Count > 0)
            Block(string.Join("\r\n", Facts.Select(fact => $"{OneLine(fact.Label)}: {OneLine(fact.Value)}")));
        if (Action is { } action)
            Block($"{OneLine(action.Label)}:\r\n{action.Link.AbsoluteUri}");
        foreach (var paragraph in Closing)
            Block(OneLine(paragraph));
        Block("-- \r\n" + string.Join("\r\n", Footer.Prepend(Brand).Select(OneLine)));
        return text.ToString().TrimEnd() + "\r\n";
    }

    private string ToHtml()
    {
        var html = new StringBuilder(6000);
        html.Append(EmailHtml.Head.Replace("{title}", Encoded(Subject), StringComparison.Ordinal).Replace("{preview}", Encoded(Preview), StringComparison.Ordinal));
        html.Append(EmailHtml.Brand(Encoded(Brand))).Append(EmailHtml.Heading(Encoded(Heading)));
        foreach (var paragraph in Paragraphs)
            html.Append(EmailHtml.Paragraph(Encoded(paragraph)));
        if (Facts.Count > 0)
            html.Append(EmailHtml.Facts(Facts.Select(fact => (Encoded(fact.Label), Encoded(fact.Value), fact.Strong))));
        if (Action is { } action)
            html.Append(EmailHtml.Button(Encoded(action.Label), Encoded(action.Link.AbsoluteUri)));
        foreach (var paragraph in Closing)
            html.Append(EmailHtml.Paragraph(Encoded(paragraph)));
        return html.Append(EmailHtml.Foot(Footer.Select(Encoded))).ToString();
    }

    private static string Encoded(string text) => s_html.Encode(OneLine(text));
}

/// <summary>A name and a value.</summary>
public sealed record EmailFact(string Label, string Value, bool Strong = false);

/// <summary>The button of a mail.</summary>
public sealed record EmailAction
{
    /// <exception cref="ArgumentException">The link is not an absolute http or https address.</exception>
    public EmailAction(string label, Uri link)
    {
        if (!link.IsAbsoluteUri || (link.Scheme != Uri.UriSchemeHttps && link.Scheme != Uri.UriSchemeHttp))
            throw new ArgumentException("A mail links to absolute http or https addresses only.", nameof(link));
        (Label, Link) = (label, link);
    }

    public string Label { get; }

    public Uri Link { get; }
}
