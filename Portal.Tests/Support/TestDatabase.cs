using System.Collections.Concurrent;
using Npgsql;

namespace Portal.Tests.Support;

/// <summary>A database of one test class: a copy of a template that is migrated once per run. Dropped when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Templates = new(StringComparer.Ordinal);
    private static readonly SemaphoreSlim Copying = new(1, 1);
    private static int last;

    private readonly PostgresCluster cluster;
    private readonly string name;

    private TestDatabase(PostgresCluster cluster, string name)
    {
        this.cluster = cluster;
        this.name = name;
        ConnectionString = cluster.Address(name);
    }

    /// <summary>For Npgsql, as a superuser.</summary>
    public string ConnectionString { get; }

    /// <summary>A copy of the template that <paramref name="migrate"/> fills.</summary>
    /// <param name="migrate">Given a connection string, brings an empty database to its schema. It runs once per run and <paramref name="template"/>.</param>
    /// <param name="template">Names what the step makes, where a run has several.</param>
    public static async Task<TestDatabase> CreateAsync(Func<string, Task> migrate, string template = "schema")
    {
        var cluster = await PostgresCluster.GetAsync();
        var source = await Templates.GetOrAdd(
            template, _ => new Lazy<Task<string>>(() => MakeTemplateAsync(cluster, template, migrate))).Value;
        return await CopyAsync(cluster, source);
    }

    /// <summary>An empty database.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync() => await CopyAsync(await PostgresCluster.GetAsync(), "template1");

    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(pooled);
        }

        await cluster.ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    private static async Task<string> MakeTemplateAsync(PostgresCluster cluster, string template, Func<string, Task> migrate)
    {
        var name = $"{cluster.NamePrefix}template_{template}";
        await cluster.ExecuteAsync($"CREATE DATABASE {name}");
        await migrate(new NpgsqlConnectionStringBuilder(cluster.Address(name)) { Pooling = false }.ConnectionString);
        // A database with sessions can't be copied: none may be left, and none may come.
        await cluster.ExecuteAsync($"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false");
        await cluster.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        return name;
    }

    private static async Task<TestDatabase> CopyAsync(PostgresCluster cluster, string source)
    {
        var name = $"{cluster.NamePrefix}{Interlocked.Increment(ref last)}";
        // Copies of template1 exclude each other on the server; one at a time is no slower for the others.
        await Copying.WaitAsync();
        try
        {
            await cluster.ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {source}");
        }
        finally
        {
            Copying.Release();
        }

        return new TestDatabase(cluster, name);
    }
}
