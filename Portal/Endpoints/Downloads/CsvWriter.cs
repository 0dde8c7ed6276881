using System.Globalization;
using System.Text;

namespace Portal.Endpoints.Downloads;

/// <summary>
/// Writes RFC 4180 with every cell quoted. A cell that a spreadsheet would take for a formula gets an apostrophe before it; numbers are ours and stay
/// numbers.
/// </summary>
internal sealed class CsvWriter(Stream output) : IAsyncDisposable
{
    private readonly StreamWriter _writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

    public Task RowAsync(params IReadOnlyList<object?> cells) => _writer.WriteAsync(string.Join(',', cells.Select(Cell)) + "\r\n");

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    internal static string Cell(object? value) => value switch
    {
        null => "\"\"",
        decimal or int or long => $"\"{Convert.ToString(value, CultureInfo.InvariantCulture)}\"",
        DateTimeOffset instant => $"\"{instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\"",
        _ => $"\"{Harmless(value.ToString() ?? "").Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
    };

    // = + - @, a tab or a line's end at the start begin a formula; so do the full-width forms in some locales.
    private static string Harmless(string text) => text.Length > 0 && "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
}
