using System.Globalization;
using System.Text;

namespace Portal.Documents;

/// <summary>Prepares text that people typed for print. It reaches the layout as a string, never as markup; this is about what it would look like.</summary>
internal static class PrintText
{
    // A word longer than this can't be counted on to fit a column, so it may be broken inside.
    private const int LongWord = 26;
    private const char BreakHere = '\u200B';

    /// <summary>One line: controls, line breaks and marks that turn the direction of text become spaces; long words may break.</summary>
    public static string Line(string text) => string.Join(' ', Clean(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Breakable));

    /// <summary>A line, or null when there is nothing to read.</summary>
    public static string? OptionalLine(string? text) => string.IsNullOrWhiteSpace(text) ? null : Line(text);

    /// <summary>Several lines as they were typed, without empty ones at either end.</summary>
    public static IReadOnlyList<string> Lines(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];
        var lines = text.ReplaceLineEndings("\n").Split('\n').Select(Line).ToList();
        while (lines.Count > 0 && lines[0].Length == 0)
            lines.RemoveAt(0);
        while (lines.Count > 0 && lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    private static string Clean(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            // Format characters are let through where scripts need them to join letters, not where they turn the direction.
            var joins = rune.Value is 0x200C or 0x200D;
            result.Append(category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? " "
                : category is UnicodeCategory.Format && !joins ? ""
                : rune.ToString());
        }
        return result.ToString();
    }

    private static string Breakable(string word)
    {
        if (word.Length <= LongWord)
            return word;
        var result = new StringBuilder(word.Length + 8);
        var run = 0;
        foreach (var rune in word.EnumerateRunes())
        {
            result.Append(rune.ToString());
            run++;
            if (rune.Value is '-' or '_' or '.' or ':' or '/' or '@' or ',' or '&' or '=' or '?' || run >= LongWord)
            {
                result.Append(BreakHere);
                run = 0;
            }
        }
        return result.ToString();
    }
}
