using System.Globalization;

namespace Portal.Components.Shared.Support;

/// <summary>Bytes for people.</summary>
internal static class FileSize
{
    /// <summary><c>12 bytes</c>, <c>3.4 KiB</c>, <c>1.2 MiB</c>.</summary>
    public static string Of(long bytes) => bytes switch
    {
        1 => "1 byte",
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MiB"),
    };
}
