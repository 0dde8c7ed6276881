using System.Diagnostics;
using System.Globalization;

namespace Portal.Hosting;

/// <summary>The server processes that work on a cluster's folder, whoever started them.</summary>
public static class EmbeddedPostgresProcesses
{
    private const string PostgresName = "postgres";

    /// <summary>The process that <c>postmaster.pid</c> names, if it is alive and this cluster's server.</summary>
    public static int? FindServer(string cluster)
    {
        var id = ReadId(cluster);
        return id is { } named && IsServerOf(named, cluster) ? named : null;
    }

    /// <summary>Whether the process is alive and one of PostgreSQL's. A killed one that nobody has buried counts as dead.</summary>
    public static bool IsAlive(int id)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Matches(id);
        }

        try
        {
            // "123 (postgres) S ...": the state follows the name.
            var status = File.ReadAllText($"/proc/{Text(id)}/stat");
            var afterName = status.LastIndexOf(')');
            return status.Contains($"({PostgresName})", StringComparison.Ordinal) && status[afterName + 2] is not ('Z' or 'X');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>All processes of PostgreSQL that work on the folder. On Linux only; elsewhere the server alone is known.</summary>
    public static IReadOnlyList<int> FindAll(string cluster)
    {
        if (!OperatingSystem.IsLinux())
        {
            return FindServer(cluster) is { } server ? [server] : [];
        }

        var folder = PhysicalPath.Of(cluster);
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && IsAlive(id) && WorksIn(id, folder))];
    }

    /// <summary>The id that <c>postmaster.pid</c> names, alive or not.</summary>
    public static int? ReadId(string cluster)
    {
        try
        {
            var line = File.ReadLines(Path.Combine(cluster, "postmaster.pid")).FirstOrDefault();
            return int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool IsServerOf(int id, string cluster) =>
        IsAlive(id) && (!OperatingSystem.IsLinux() || WorksIn(id, PhysicalPath.Of(cluster)));

    // Every process of a server has the cluster's folder as its working directory.
    private static bool WorksIn(int id, string folder)
    {
        try
        {
            return string.Equals(new FileInfo($"/proc/{Text(id)}/cwd").LinkTarget, folder, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Matches(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return string.Equals(process.ProcessName, PostgresName, StringComparison.OrdinalIgnoreCase);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
