using Npgsql;
using Portal.Data.Kernel;
using Portal.Hosting;

namespace Portal.Benchmarks;

/// <summary>A PostgreSQL for a benchmark: the one that <c>BILLING_BENCHMARK_POSTGRES</c> names, or an embedded one with the product's own settings.</summary>
internal sealed class BillingRunServer : IAsyncDisposable
{
    private readonly string _admin;
    private readonly EmbeddedPostgres? _embedded;
    private readonly string? _folder;

    private BillingRunServer(string admin, EmbeddedPostgres? embedded, string? folder) => (_admin, _embedded, _folder) = (admin, embedded, folder);

    public static async Task<BillingRunServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("BILLING_BENCHMARK_POSTGRES") is { Length: > 0 } configured)
            return new BillingRunServer(configured, null, null);
        var folder = Directory.CreateTempSubdirectory("billing-benchmark-").FullName;
        var embedded = await EmbeddedPostgres.StartAsync(EmbeddedPostgresSettings.ForProduct(folder), EmbeddedPostgresPackage.Find([AppContext.BaseDirectory]), CancellationToken.None);
        return new BillingRunServer(embedded.Address("postgres"), embedded, folder);
    }

    /// <summary>A migrated database.</summary>
    public async Task<BillingRunDatabase> MakeAsync(string name)
    {
        var database = await CreateAsync(name, "template1");
        await DatabaseMigrator.MigrateAsync(database.DataSource, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        return database;
    }

    /// <summary>A copy of a database that nobody is connected to.</summary>
    public async Task<BillingRunDatabase> CopyAsync(string name, BillingRunDatabase source)
    {
        NpgsqlConnection.ClearAllPools();
        source.DataSource.Clear();
        await ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source.Name}'");
        return await CreateAsync(name, source.Name);
    }

    /// <summary>The tables (all, when none are named) are vacuumed and counted, and what was written is on disk: no measurement pays for what came before it.</summary>
    public async Task SettleAsync(BillingRunDatabase database, string tables)
    {
        await using (var vacuum = database.DataSource.CreateCommand($"VACUUM ANALYZE {tables}"))
        {
            vacuum.CommandTimeout = 600;
            await vacuum.ExecuteNonQueryAsync();
        }

        await ExecuteAsync("CHECKPOINT");
    }

    public async Task<string> DescribeAsync()
    {
        await using var source = NpgsqlDataSource.Create(_admin);
        await using var command = source.CreateCommand(
            "SELECT 'PostgreSQL ' || current_setting('server_version') || ', fsync ' || current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit') || ', shared_buffers ' || current_setting('shared_buffers')");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_embedded is null)
            return;
        await _embedded.DisposeAsync();
        Directory.Delete(_folder!, recursive: true);
    }

    internal async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_admin);
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    private async Task<BillingRunDatabase> CreateAsync(string name, string template)
    {
        var full = $"billing_benchmark_{Environment.ProcessId}_{name}";
        await ExecuteAsync($"CREATE DATABASE {full} TEMPLATE {template}");
        return new BillingRunDatabase(this, full, new NpgsqlConnectionStringBuilder(_admin) { Database = full, MaxPoolSize = 20 }.ConnectionString);
    }
}

/// <summary>A database of a benchmark; dropped when disposed.</summary>
internal sealed class BillingRunDatabase(BillingRunServer server, string name, string connectionString) : IAsyncDisposable
{
    public string Name => name;

    public string ConnectionString => connectionString;

    public NpgsqlDataSource DataSource { get; } = NpgsqlDataSource.Create(connectionString);

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await server.ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }
}
