using System.Globalization;

namespace Portal.Hosting;

/// <summary>How an embedded server is set up. The parameters are written once, into its <c>postgresql.conf</c>.</summary>
/// <param name="Folder">Holds the cluster (<c>postgres</c>), the password, the port and, for ordinary users, the binaries.</param>
/// <param name="BinariesFolder">Where the binaries are copied to when the process is not root.</param>
/// <param name="Parameters">Names and values for <c>postgresql.conf</c>.</param>
/// <param name="Durable">False only where the data may be lost: in tests.</param>
public sealed record EmbeddedPostgresSettings(
    string Folder, string BinariesFolder, IReadOnlyDictionary<string, string> Parameters, bool Durable)
{
    /// <summary>The cluster's data directory.</summary>
    public string Cluster => Path.Combine(Folder, "postgres");

    /// <summary>A cluster that <c>initdb</c> has not finished.</summary>
    public string UnfinishedCluster => Path.Combine(Folder, "postgres.new");

    /// <summary>The superuser's password, mode 0600.</summary>
    public string PasswordFile => Path.Combine(Folder, "postgres.password");

    /// <summary>The port of the last start.</summary>
    public string PortFile => Path.Combine(Folder, "postgres.port");

    /// <summary>What the server said before its own log began.</summary>
    public string StartLog => Path.Combine(Cluster, StartLogName);

    /// <summary>The name of <see cref="StartLog"/>.</summary>
    public const string StartLogName = "start.log";

    /// <summary>For the product: nothing acknowledged may be lost; sized by the machine's memory at the first start.</summary>
    public static EmbeddedPostgresSettings ForProduct(string folder) => new(
        folder,
        Path.Combine(folder, "postgres-bin"),
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fsync"] = "on",
            ["synchronous_commit"] = "on",
            ["full_page_writes"] = "on",
            ["shared_buffers"] = SharedBuffers(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
            ["max_wal_size"] = "4GB",
            ["max_connections"] = "200",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            // One file per weekday, written over a week later.
            ["logging_collector"] = "on",
            ["log_directory"] = "log",
            ["log_filename"] = "postgresql-%a.log",
            ["log_rotation_age"] = "1d",
            ["log_rotation_size"] = "0",
            ["log_truncate_on_rotation"] = "on",
        },
        Durable: true);

    /// <summary>An eighth of the memory, as the program itself and the system's cache want theirs; 128 MB at least, 2 GB at most.</summary>
    /// <param name="memory">What the machine or the container has, in bytes.</param>
    public static string SharedBuffers(long memory) => string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(memory / 8 / 1_048_576, 128, 2048)}MB");

    /// <summary>For tests: fast, and lost with the machine.</summary>
    public static EmbeddedPostgresSettings ForTests(string folder, string binariesFolder) => new(
        folder,
        binariesFolder,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fsync"] = "off",
            ["synchronous_commit"] = "off",
            ["full_page_writes"] = "off",
            ["shared_buffers"] = "128MB",
            ["max_wal_size"] = "4GB",
            ["max_connections"] = "300",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
        },
        Durable: false);
}
