using Npgsql;
using Portal.Hosting;

namespace Portal.Tests.Support;

/// <summary>
/// The PostgreSQL server of this test run: a private cluster from the embedded binaries, started when the first test
/// asks and removed when the run ends; or the server that <c>BILLING_TEST_POSTGRES</c> names by a superuser's
/// connection string, where only this run's databases are made and dropped.
/// </summary>
public sealed class PostgresCluster
{
    /// <summary>The environment variable with the address of a server to use instead.</summary>
    public const string ServerVariable = "BILLING_TEST_POSTGRES";

    private const string Prefix = "billing_test_";

    private static readonly Lazy<Task<PostgresCluster>> Started = new(StartAsync);

    private readonly string admin;
    private readonly Func<Task> stop;

    private PostgresCluster(string admin, string runId, Func<Task> stop)
    {
        this.admin = admin;
        this.stop = stop;
        NamePrefix = $"{Prefix}{runId}_";
    }

    /// <summary>What the names of this run's databases begin with.</summary>
    public string NamePrefix { get; }

    /// <summary>The cluster of this run, started by the first call.</summary>
    public static Task<PostgresCluster> GetAsync() => Started.Value;

    /// <summary>Ends and removes what this run started. Called once, after the last test.</summary>
    public static async Task StopAsync()
    {
        // A start that failed has failed its tests already.
        if (Started.IsValueCreated && Started.Value.IsCompletedSuccessfully)
        {
            await (await Started.Value).stop();
        }
    }

    /// <summary>The address of a database of this server. Pools are small, as many are open at once.</summary>
    public string Address(string database) =>
        new NpgsqlConnectionStringBuilder(admin) { Database = database, MaxPoolSize = 20, Pooling = true }.ConnectionString;

    /// <summary>Runs a statement that belongs to no database, such as CREATE DATABASE.</summary>
    public async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgresCluster> StartAsync()
    {
        // Letters and digits only: it is part of database names.
        var runId = $"{Environment.ProcessId:x}x{Random.Shared.Next():x}";
        var server = Environment.GetEnvironmentVariable(ServerVariable);
        return string.IsNullOrWhiteSpace(server) ? await StartPrivateAsync(runId) : await JoinAsync(server, runId);
    }

    private static async Task<PostgresCluster> StartPrivateAsync(string runId)
    {
        var folder = await PostgresRunFolder.MakeAsync(runId);
        EmbeddedPostgres server;
        try
        {
            server = await EmbeddedPostgres.StartAsync(folder.Settings, PostgresRunFolder.Package, CancellationToken.None);
        }
        catch
        {
            folder.Dispose();
            throw;
        }

        var admin = Unpooled(server.Address("postgres"));
        return new PostgresCluster(admin, runId, async () =>
        {
            await server.DisposeAsync();
            folder.Dispose();
        });
    }

    private static async Task<PostgresCluster> JoinAsync(string address, string runId)
    {
        // An open session tells later runs that this one is alive, and its databases are not to be touched.
        var session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Unpooled(address)) { ApplicationName = Prefix + runId, KeepAlive = 30 }.ConnectionString);
        await session.OpenAsync();
        var cluster = new PostgresCluster(Unpooled(address), runId, async () =>
        {
            NpgsqlConnection.ClearAllPools();
            await DropAsync(session, $"datname LIKE '{Prefix}{runId}\\_%'");
            await session.DisposeAsync();
        });
        await DropAsync(
            session,
            $"datname LIKE '{Prefix.Replace("_", "\\_", StringComparison.Ordinal)}%' AND NOT EXISTS "
            + "(SELECT FROM pg_stat_activity a WHERE a.application_name <> '' AND starts_with(datname, a.application_name || '_'))");
        return cluster;
    }

    private static async Task DropAsync(NpgsqlConnection session, string condition)
    {
        var names = new List<string>();
        await using (var find = new NpgsqlCommand($"SELECT datname FROM pg_database WHERE {condition}", session))
        await using (var reader = await find.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                names.Add(reader.GetString(0));
            }
        }

        foreach (var name in names)
        {
            await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", session);
            await drop.ExecuteNonQueryAsync();
        }
    }

    private static string Unpooled(string address) =>
        new NpgsqlConnectionStringBuilder(address) { Pooling = false }.ConnectionString;
}
