using Npgsql;
using Portal.Hosting;

namespace Portal.Benchmarks;

/// <summary>
/// The PostgreSQL of a benchmark: a fresh embedded one with the product's own settings, removed afterwards; or a database of its own on the server
/// that <c>BILLING_BENCHMARK_POSTGRES</c> names by a superuser's connection string.
/// </summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private readonly Func<ValueTask> _remove;

    private BenchmarkServer(string address, Func<ValueTask> remove)
    {
        Address = address;
        Database = NpgsqlDataSource.Create(address);
        _remove = remove;
    }

    /// <summary>For Npgsql.</summary>
    public string Address { get; }

    public NpgsqlDataSource Database { get; }

    public static async Task<BenchmarkServer> StartAsync()
    {
        var name = $"benchmark_{Environment.ProcessId}";
        if (Environment.GetEnvironmentVariable("BILLING_BENCHMARK_POSTGRES") is { Length: > 0 } configured)
        {
            var admin = NpgsqlDataSource.Create(configured);
            await ExecuteAsync(admin, $"CREATE DATABASE {name}");
            return new BenchmarkServer(new NpgsqlConnectionStringBuilder(configured) { Database = name }.ConnectionString, async () =>
            {
                await ExecuteAsync(admin, $"DROP DATABASE {name} WITH (FORCE)");
                await admin.DisposeAsync();
            });
        }

        var folder = PrivateFolder.Make(Path.Combine(Path.GetTempPath(), $"billing-portal-{name}"));
        var server = await EmbeddedPostgres.StartAsync(EmbeddedPostgresSettings.ForProduct(folder), EmbeddedPostgresPackage.Find([AppContext.BaseDirectory]), CancellationToken.None);
        return new BenchmarkServer(await server.EnsureDatabaseAsync(EmbeddedPostgres.ProductDatabase, CancellationToken.None), async () =>
        {
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        });
    }

    /// <summary>An embedded server on a folder that stays, so that what fills it in minutes is measured again later. One benchmark at a time may use it.</summary>
    public static async Task<BenchmarkServer> KeepAsync(string folder)
    {
        var server = await EmbeddedPostgres.StartAsync(EmbeddedPostgresSettings.ForProduct(PrivateFolder.Make(Path.GetFullPath(folder))), EmbeddedPostgresPackage.Find([AppContext.BaseDirectory]), CancellationToken.None);
        return new BenchmarkServer(await server.EnsureDatabaseAsync(EmbeddedPostgres.ProductDatabase, CancellationToken.None), server.DisposeAsync);
    }

    /// <summary>A database that was filled before, on the server that <c>BILLING_BENCHMARK_POSTGRES</c> names. It stays.</summary>
    public static BenchmarkServer Join(string database) => Environment.GetEnvironmentVariable("BILLING_BENCHMARK_POSTGRES") is { Length: > 0 } configured
        ? new BenchmarkServer(new NpgsqlConnectionStringBuilder(configured) { Database = database }.ConnectionString, () => ValueTask.CompletedTask)
        : throw new InvalidOperationException("BILLING_BENCHMARK_POSTGRES names no server.");

    /// <summary>Runs statements; none may take longer than half an hour.</summary>
    public Task ExecuteAsync(string sql) => ExecuteAsync(Database, sql);

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 1800;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _remove();
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 1800;
        await command.ExecuteNonQueryAsync();
    }
}
