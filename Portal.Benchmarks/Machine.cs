using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Npgsql;

namespace Portal.Benchmarks;

/// <summary>What a figure is worth nothing without: machine, versions, commit, and how durable the database was.</summary>
internal static class Machine
{
    private static readonly string[] s_settings =
        ["server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_compression", "shared_buffers", "max_wal_size", "checkpoint_timeout", "max_connections"];

    /// <summary>Prints machine, runtime and commit.</summary>
    public static void Report(string benchmark)
    {
        Console.WriteLine($"benchmark  {benchmark}");
        Console.WriteLine($"machine    {Environment.ProcessorCount} cores ({Processor()}), {Memory()}, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}, load {Load()}");
        Console.WriteLine($"runtime    {RuntimeInformation.FrameworkDescription}, server GC {(System.Runtime.GCSettings.IsServerGC ? "on" : "off")}");
        Console.WriteLine($"commit     {Commit()}");
    }

    /// <summary>Prints the settings of the server; refuses one that does not keep what it commits.</summary>
    public static async Task ReportAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT name, current_setting(name) FROM unnest($1) AS name");
        command.Parameters.AddWithValue(s_settings);
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                settings[reader.GetString(0)] = reader.GetString(1);
        }

        Console.WriteLine($"postgres   {string.Join(", ", s_settings.Select(name => $"{name}={settings[name]}"))}");
        if (settings["fsync"] != "on" || settings["synchronous_commit"] != "on" || settings["full_page_writes"] != "on")
            throw new InvalidOperationException("The server may lose what it commits (fsync, synchronous_commit, full_page_writes): figures would mean nothing.");
    }

    /// <summary>The last line of a benchmark.</summary>
    public static void Result(IReadOnlyDictionary<string, object> facts)
    {
        Console.WriteLine($"load       {Load()} at the end");
        Console.WriteLine(JsonSerializer.Serialize(facts));
    }

    /// <summary>The middle one of an odd number of figures.</summary>
    public static double Median(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Processor() => Line("/proc/cpuinfo", "model name");

    private static string Memory()
    {
        var kilobytes = Line("/proc/meminfo", "MemTotal").Split(' ')[0];
        return long.TryParse(kilobytes, CultureInfo.InvariantCulture, out var number) ? $"{number / 1024 / 1024} GiB" : "memory unknown";
    }

    private static string Line(string file, string name)
    {
        if (!File.Exists(file))
            return "unknown";
        var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? "unknown" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string Commit()
    {
        try
        {
            var start = new ProcessStartInfo("git", ["-C", Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!, "describe", "--always", "--dirty", "--abbrev=40", "--exclude", "*"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var git = Process.Start(start)!;
            var commit = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? commit : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown (no git)";
        }
    }
}
