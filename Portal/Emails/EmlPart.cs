using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Emails;

/// <summary>A part of a mail: headers and content, or further parts.</summary>
public sealed partial class EmlPart
{
    private const int MaxDepth = 8;

    private EmlPart(Dictionary<string, string> headers, byte[] content, IReadOnlyList<EmlPart> parts) => (Headers, Content, Parts) = (headers, content, parts);

    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Decoded from its transfer encoding.</summary>
    public byte[] Content { get; }

    public IReadOnlyList<EmlPart> Parts { get; }

    /// <summary>E.g. <c>text/plain</c>, in small letters.</summary>
    public string MediaType => Headers.GetValueOrDefault("Content-Type", "text/plain").Split(';')[0].Trim().ToLowerInvariant();

    public bool IsAttachment => Headers.GetValueOrDefault("Content-Disposition", "").StartsWith("attachment", StringComparison.OrdinalIgnoreCase);

    public string FileName => Parameter("Content-Disposition", "filename") ?? Parameter("Content-Type", "name") ?? "attachment";

    public string Text => EncodingOf(Parameter("Content-Type", "charset")).GetString(Content);

    public bool Is(string mediaType) => MediaType == mediaType;

    // Takes the bytes as Latin-1 text: one character a byte.
    internal static EmlPart Parse(string raw, int depth = 0)
    {
        raw = raw.ReplaceLineEndings("\n");
        var end = raw.StartsWith('\n') ? 0 : raw.IndexOf("\n\n", StringComparison.Ordinal);
        var head = end < 0 ? raw : raw[..end];
        var body = end < 0 ? "" : raw[(end + (raw.StartsWith('\n') ? 1 : 2))..];
        var headers = HeadersOf(head);
        var probe = new EmlPart(headers, [], []);
        if (depth < MaxDepth && probe.MediaType.StartsWith("multipart/", StringComparison.Ordinal) && probe.Parameter("Content-Type", "boundary") is { Length: > 0 } boundary)
            return new EmlPart(headers, [], [.. Split(body, boundary).Select(part => Parse(part, depth + 1))]);
        var content = headers.GetValueOrDefault("Content-Transfer-Encoding", "").Trim().ToLowerInvariant() switch
        {
            "base64" => Convert.FromBase64String(string.Concat(body.Where(letter => !char.IsWhiteSpace(letter)))),
            "quoted-printable" => QuotedPrintable(body),
            _ => Encoding.Latin1.GetBytes(body),
        };
        return new EmlPart(headers, content, []);
    }

    private static Dictionary<string, string> HeadersOf(string head)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Folded().Replace(head, " ").Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                headers.TryAdd(line[..colon].Trim(), Decoded(line[(colon + 1)..].Trim()));
        }
        return headers;
    }

    private static IEnumerable<string> Split(string body, string boundary)
    {
        var parts = ("\n" + body).Split("\n--" + boundary);
        return parts.Skip(1).TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)).Select(part => part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }

    private string? Parameter(string header, string name)
    {
        if (!Headers.TryGetValue(header, out var value))
            return null;
        var match = Regex.Match(value, $@"[;\s]{name}\s*=\s*(?:""([^""]*)""|([^;\s]+))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return match.Success ? Decoded(match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value) : null;
    }

    // RFC 2047: =?utf-8?B?...?= and =?utf-8?Q?...?=; the space between two encoded words is not part of the text.
    private static string Decoded(string value) => EncodedWord().Replace(BetweenWords().Replace(value, "?==?"), word =>
    {
        var text = word.Groups["text"].Value;
        var bytes = word.Groups["kind"].Value.Equals("B", StringComparison.OrdinalIgnoreCase) ? Convert.FromBase64String(text) : QuotedPrintable(text.Replace('_', ' '));
        return EncodingOf(word.Groups["charset"].Value).GetString(bytes);
    });

    private static byte[] QuotedPrintable(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '=')
                bytes.Add((byte)text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '\n')
                at++; // A soft line break.
            else if (at + 2 < text.Length && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                at += 2;
            }
            else
                bytes.Add((byte)'=');
        }
        return [.. bytes];
    }

    private static Encoding EncodingOf(string? charset)
    {
        try
        {
            return charset is null ? Encoding.UTF8 : Encoding.GetEncoding(charset);
        }
        catch (ArgumentException)
        {
            return Encoding.Latin1; // A name that nobody knows: the bytes stay readable one by one.
        }
    }

    [GeneratedRegex(@"\n[ \t]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Folded();

    [GeneratedRegex(@"=\?(?<charset>[^?\s]+)\?(?<kind>[BQbq])\?(?<text>[^?\s]*)\?=", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"\?=\s+=\?", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BetweenWords();
}
