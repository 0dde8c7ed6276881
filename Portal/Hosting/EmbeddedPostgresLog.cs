namespace Portal.Hosting;

/// <summary>What the server writes from a moment on: first to the start log, then to its own log folder.</summary>
public sealed class EmbeddedPostgresLog
{
    private readonly EmbeddedPostgresSettings settings;
    private readonly Dictionary<string, long> lengths;

    private EmbeddedPostgresLog(EmbeddedPostgresSettings settings)
    {
        this.settings = settings;
        lengths = Files().ToDictionary(file => file.FullName, file => file.Length, StringComparer.Ordinal);
    }

    /// <summary>Marks this moment.</summary>
    public static EmbeddedPostgresLog From(EmbeddedPostgresSettings settings) => new(settings);

    /// <summary>The lines written since.</summary>
    public IReadOnlyList<string> ReadSince() => [.. Files().OrderBy(file => file.LastWriteTimeUtc).SelectMany(ReadNew)];

    /// <summary>The line that tells why the server did not start; null when none does.</summary>
    public static string? Reason(IReadOnlyList<string> lines) =>
        lines.LastOrDefault(line =>
            (line.Contains("FATAL:", StringComparison.Ordinal) || line.Contains("PANIC:", StringComparison.Ordinal))
            // Said to clients that came too early.
            && !line.Contains("the database system is", StringComparison.Ordinal));

    private IEnumerable<FileInfo> Files()
    {
        var folder = new DirectoryInfo(Path.Combine(settings.Cluster, "log"));
        var start = new FileInfo(settings.StartLog);
        return (start.Exists ? new[] { start } : []).Concat(folder.Exists ? folder.EnumerateFiles() : []);
    }

    private IEnumerable<string> ReadNew(FileInfo file)
    {
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        // A file that got shorter was begun anew.
        stream.Position = lengths.TryGetValue(file.FullName, out var before) && before <= stream.Length ? before : 0;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
