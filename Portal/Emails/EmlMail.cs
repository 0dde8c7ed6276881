using System.Text;

namespace Portal.Emails;

/// <summary>
/// A mail read from its bytes (RFC 5322, MIME): as much of it as our own mails use. It needs nothing but the framework, so that other
/// programs that check what we send can link this file.
/// </summary>
public sealed record EmlMail
{
    private EmlMail(EmlPart root)
    {
        Headers = root.Headers;
        var leaves = Leaves(root).ToList();
        Text = leaves.Find(part => part.Is("text/plain") && !part.IsAttachment)?.Text;
        Html = leaves.Find(part => part.Is("text/html") && !part.IsAttachment)?.Text;
        Attachments = [.. leaves.Where(part => part.IsAttachment)];
    }

    /// <summary>Decoded values by name, case aside; the first where a name stands twice.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    public string Subject => Headers.GetValueOrDefault("Subject", "");

    public string From => Headers.GetValueOrDefault("From", "");

    public string To => Headers.GetValueOrDefault("To", "");

    public string MessageId => Headers.GetValueOrDefault("Message-ID", "");

    public string? Text { get; }

    public string? Html { get; }

    public IReadOnlyList<EmlPart> Attachments { get; }

    public static EmlMail Parse(ReadOnlySpan<byte> bytes) => new(EmlPart.Parse(Encoding.Latin1.GetString(bytes)));

    private static IEnumerable<EmlPart> Leaves(EmlPart part) => part.Parts.Count == 0 ? [part] : part.Parts.SelectMany(Leaves);
}
