using System.Text.RegularExpressions;

namespace Portal.Core.Emails;

/// <summary>A mail that is ready to go. What would break a header is refused when it is made, not when it is sent.</summary>
public sealed record EmailMessage
{
    /// <summary>
    /// The same for every attempt at sending this mail: the Message-ID is made of it, so that a mail that was sent twice because the first
    /// answer got lost is known as one.
    /// </summary>
    public required Guid Id { get; init; }

    /// <summary>Null: the sender that the transport is set up with.</summary>
    public EmailAddress? From { get; init; }

    public EmailAddress? ReplyTo { get; init; }

    /// <summary>One to fifty recipients, who see each other.</summary>
    public required IReadOnlyList<EmailAddress> To
    {
        get;
        init => field = value is { Count: > 0 and <= 50 } ? value : throw new ArgumentException("A mail has 1 to 50 recipients.", nameof(value));
    }

    public required string Subject
    {
        get;
        init => field = EmailHeader.Checked(value, nameof(Subject));
    }

    /// <summary>The plain text.</summary>
    public required string Text { get; init; }

    /// <summary>The same for readers of HTML; a whole document.</summary>
    public required string Html { get; init; }

    public IReadOnlyList<EmailAttachment> Attachments { get; init; } = [];

    /// <summary>Further headers, e.g. <c>Auto-Submitted</c>. Those that the transport writes itself are refused.</summary>
    public IReadOnlyDictionary<string, string> Headers
    {
        get;
        init => field = value.ToDictionary(header => Own(EmailHeader.CheckedName(header.Key)), header => EmailHeader.Checked(header.Value, header.Key), StringComparer.OrdinalIgnoreCase);
    } = new Dictionary<string, string>();

    private static readonly HashSet<string> s_ours = new(StringComparer.OrdinalIgnoreCase)
    {
        "From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Return-Path",
    };

    private static string Own(string name) => s_ours.Contains(name) ? throw new ArgumentException($"The header {name} is written by the transport.", nameof(name)) : name;
}

/// <summary>A file that goes with a mail.</summary>
public sealed partial record EmailAttachment
{
    /// <exception cref="ArgumentException">The name or the type could not stand in a header.</exception>
    public EmailAttachment(string fileName, string contentType, ReadOnlyMemory<byte> content)
    {
        EmailHeader.Checked(fileName, nameof(fileName));
        if (fileName.Length is 0 or > 200 || fileName.AsSpan().ContainsAny("/\\\""))
            throw new ArgumentException("A file name has 1 to 200 characters without slashes and quotes.", nameof(fileName));
        if (!MediaType().IsMatch(contentType))
            throw new ArgumentException("That is no media type.", nameof(contentType));
        (FileName, ContentType, Content) = (fileName, contentType, content);
    }

    public string FileName { get; }

    public string ContentType { get; }

    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>A PDF named after a document's number: <c>INV/26-27/000123</c> becomes <c>INV-26-27-000123.pdf</c>.</summary>
    public static EmailAttachment Pdf(string number, ReadOnlyMemory<byte> content) =>
        new(string.Concat(number.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-')) + ".pdf", "application/pdf", content);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex MediaType();
}
