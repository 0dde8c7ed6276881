using System.Globalization;
using System.Text;
using Portal.Core.Kernel;

namespace Portal.Core.Support;

/// <summary>A file that somebody wants to attach.</summary>
public sealed record UploadedFile(string FileName, byte[] Content);

/// <summary>A file that may be kept.</summary>
internal sealed record CheckedFile(string FileName, string ContentType, byte[] Content);

/// <summary>Which files are taken: pictures, PDF and plain text, known by their bytes and not by their names.</summary>
public static class AttachmentRules
{
    /// <summary>Files per message.</summary>
    public const int MaxFiles = 5;

    /// <summary>Bytes of one file: 5 MiB.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>What may be attached, for people.</summary>
    public const string Accepted = "PNG, JPEG, GIF, WebP, PDF or plain text, up to 5 files of 5 MiB each";

    private const int MaxName = 100;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The files with their true types and safe names, or what is wrong, on the field <c>files</c>.</summary>
    internal static Result<IReadOnlyList<CheckedFile>> Check(IReadOnlyList<UploadedFile> files)
    {
        if (files.Count > MaxFiles)
            return Failure.Invalid("files", $"Attach at most {MaxFiles} files.", "too_many_files");
        var kept = new List<CheckedFile>(files.Count);
        foreach (var file in files)
        {
            if (file.Content.Length == 0)
                return Failure.Invalid("files", $"{Shown(file.FileName)} is empty.", "file_empty");
            if (file.Content.Length > MaxBytes)
                return Failure.Invalid("files", $"{Shown(file.FileName)} is larger than 5 MiB.", "file_too_large");
            if (TypeOf(file.Content) is not var (type, extension))
                return Failure.Invalid("files", $"{Shown(file.FileName)} is not one of these: {Accepted}.", "file_type");
            kept.Add(new CheckedFile(NameOf(file.FileName, extension), type, file.Content));
        }

        return Result<IReadOnlyList<CheckedFile>>.From(kept);
    }

    /// <summary>What the bytes are, and the ending that files of this type have; null for anything that is not taken.</summary>
    public static (string ContentType, string Extension)? TypeOf(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            return ("image/png", ".png");
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return ("image/jpeg", ".jpg");
        if (content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8))
            return ("image/gif", ".gif");
        if (content.Length >= 12 && content.StartsWith("RIFF"u8) && content[8..12].SequenceEqual("WEBP"u8))
            return ("image/webp", ".webp");
        if (content.StartsWith("%PDF-"u8))
            return ("application/pdf", ".pdf");
        return IsText(content) ? ("text/plain", ".txt") : null;
    }

    /// <summary>A name that is safe in a header and in any folder, with the ending of its true type; text keeps the endings that text has.</summary>
    internal static string NameOf(string given, string extension)
    {
        var name = given.Replace('\\', '/').Split('/')[^1];
        var clean = string.Concat(name.Normalize(NormalizationForm.FormC).Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' or ' ' or '(' or ')' ? letter : '-')).Trim(' ', '.');
        var stem = Path.GetFileNameWithoutExtension(clean);
        var ending = Path.GetExtension(clean).ToLower(CultureInfo.InvariantCulture);
        var kept = extension switch
        {
            ".txt" => ending is ".txt" or ".log" or ".csv" or ".json" or ".md" ? ending : ".txt",
            ".jpg" => ending is ".jpg" or ".jpeg" ? ending : ".jpg",
            _ => extension,
        };
        if (stem.Length == 0)
            stem = "file";
        return (stem.Length > MaxName ? stem[..MaxName].TrimEnd() : stem) + kept;
    }

    // UTF-8 without what only programs write. HTML and SVG are text, too: they are sent as text/plain and never shown by a browser.
    private static bool IsText(ReadOnlySpan<byte> content)
    {
        try
        {
            foreach (var letter in s_strict.GetString(content))
            {
                if (char.IsControl(letter) && letter is not ('\n' or '\r' or '\t' or '\f'))
                    return false;
            }

            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static string Shown(string name) => NameOf(name, Path.GetExtension(name) is { Length: > 0 and <= 10 } ending ? ending.ToLower(CultureInfo.InvariantCulture) : "");
}
