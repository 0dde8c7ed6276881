using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Hosting;
using Portal.Tests.Support;

namespace Portal.Tests.Hosting;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly EmbeddedPostgresSettings settings;

    public EmbeddedPostgresTests() => settings = EmbeddedPostgresSettings.ForProduct(folder.FullPath);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_second_start_finds_the_data_of_the_first_at_the_same_address()
    {
        string first;
        await using (var server = await StartAsync())
        {
            first = await server.EnsureDatabaseAsync("billing", default);
            await RunAsync(first, "CREATE TABLE probe AS SELECT 7 AS id");
        }

        EmbeddedPostgresProcesses.FindAll(settings.Cluster).ShouldBeEmpty();
        await using var again = await StartAsync();

        (await again.EnsureDatabaseAsync("billing", default)).ShouldBe(first);
        (await RunAsync(first, "SELECT id FROM probe")).ShouldBe(7);
    }

    [Fact]
    public async Task The_server_loses_nothing_listens_on_loopback_only_and_asks_for_the_password()
    {
        await using var server = await StartAsync();
        var address = server.Address("postgres");

        (await RunAsync(address, "SHOW fsync")).ShouldBe("on");
        (await RunAsync(address, "SHOW synchronous_commit")).ShouldBe("on");
        (await RunAsync(address, "SHOW listen_addresses")).ShouldBe("127.0.0.1");
        (await RunAsync(address, "SHOW unix_socket_directories")).ShouldBe("");
        var wrong = new NpgsqlConnectionStringBuilder(address) { Password = "guess" }.ConnectionString;
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(wrong, "SELECT 1"))).SqlState.ShouldBe("28P01");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(settings.PasswordFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task A_server_that_is_killed_is_started_again_and_has_all_that_was_committed()
    {
        await using var server = await StartAsync();
        var address = await server.EnsureDatabaseAsync("billing", default);
        using var supervisor = new EmbeddedPostgresSupervisor(server, NullLogger<EmbeddedPostgresSupervisor>.Instance);
        await supervisor.StartAsync(default);
        await RunAsync(address, "CREATE TABLE probe AS SELECT 7 AS id");
        var killed = server.ProcessId;

        Kill(killed);

        await Eventually.HoldsAsync(
            async () => server.ProcessId != killed && await AnswersAsync(address), "another server answers at the same address");
        (await RunAsync(address, "SELECT id FROM probe")).ShouldBe(7);
        await supervisor.StopAsync(default);
    }

    [Fact]
    public async Task A_start_after_everything_was_killed_recovers_what_was_committed()
    {
        var server = await StartAsync();
        await RunAsync(server.Address("postgres"), "CREATE TABLE probe AS SELECT 7 AS id");
        Kill(server.ProcessId);

        await using var again = await StartAsync();

        (await RunAsync(again.Address("postgres"), "SELECT id FROM probe")).ShouldBe(7);
    }

    [Fact]
    public async Task A_server_left_by_a_killed_process_is_stopped_and_what_it_had_not_committed_is_gone()
    {
        var abandoned = await StartAsync();
        await using var session = new NpgsqlConnection(abandoned.Address("postgres"));
        await session.OpenAsync();
        await ExecuteAsync(session, "CREATE TABLE probe (id int)");
        await ExecuteAsync(session, "BEGIN; INSERT INTO probe VALUES (7)");

        await using var server = await StartAsync();

        server.ProcessId.ShouldNotBe(abandoned.ProcessId);
        (await RunAsync(server.Address("postgres"), "SELECT count(*) FROM probe")).ShouldBe(0L);
        await Should.ThrowAsync<NpgsqlException>(() => ExecuteAsync(session, "COMMIT"));
    }

    [Fact]
    public async Task A_session_that_computes_on_after_its_server_was_killed_does_not_hinder_the_next_start()
    {
        var killed = await StartAsync();
        await using var session = new NpgsqlConnection(killed.Address("postgres"));
        await session.OpenAsync();
        var endless = Should.ThrowAsync<NpgsqlException>(() => ExecuteAsync(session, "SELECT count(*) FROM generate_series(1, 1000000000000) n WHERE n % 3 = 5"));
        await Eventually.HoldsAsync(
            async () => await RunAsync(killed.Address("postgres"), "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND state = 'active' AND pid <> pg_backend_pid()") is 1L,
            "the session computes");
        Kill(killed.ProcessId);

        await using var server = await StartAsync();

        (await RunAsync(server.Address("postgres"), "SELECT 1")).ShouldBe(1);
        await endless;
    }

    [Fact]
    public async Task A_stale_process_file_with_the_number_of_a_living_stranger_does_not_hinder_the_start()
    {
        var server = await StartAsync();
        var file = Path.Combine(settings.Cluster, "postmaster.pid");
        Kill(server.ProcessId);
        await Eventually.HoldsAsync(() => EmbeddedPostgresProcesses.FindAll(settings.Cluster).Count == 0, "all its processes end");
        var lines = await File.ReadAllLinesAsync(file);
        lines[0] = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(file, lines);

        await using var again = await StartAsync();

        (await RunAsync(again.Address("postgres"), "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_port_that_another_program_took_meanwhile_is_replaced()
    {
        string before;
        await using (var server = await StartAsync())
        {
            before = server.Address("postgres");
        }

        using var stranger = new TcpListener(IPAddress.Loopback, new NpgsqlConnectionStringBuilder(before).Port);
        stranger.Start();

        await using var again = await StartAsync();

        again.Address("postgres").ShouldNotBe(before);
        (await RunAsync(again.Address("postgres"), "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_cluster_whose_making_was_cut_off_is_made_anew()
    {
        Directory.CreateDirectory(Path.Combine(settings.UnfinishedCluster, "base"));
        await File.WriteAllTextAsync(Path.Combine(settings.UnfinishedCluster, "PG_VERSION"), "18");

        await using var server = await StartAsync();

        Directory.Exists(settings.UnfinishedCluster).ShouldBeFalse();
        (await RunAsync(server.Address("postgres"), "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_cluster_that_the_server_refuses_is_reported_with_the_reason()
    {
        await (await StartAsync()).DisposeAsync();
        await File.AppendAllTextAsync(Path.Combine(settings.Cluster, "postgresql.conf"), "\nshared_buffers = plenty\n");

        var refused = await Should.ThrowAsync<StartupException>(StartAsync);

        refused.Message.ShouldContain("FATAL");
        refused.Message.ShouldContain("postgresql.conf");
    }

    private static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    private static async Task<bool> AnswersAsync(string address)
    {
        try
        {
            return await RunAsync(address, "SELECT 1") is 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task<object?> RunAsync(string address, string statement)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(address) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return await ExecuteAsync(connection, statement);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 60 };
        return await command.ExecuteScalarAsync();
    }

    private Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(settings, PostgresRunFolder.Package, default);
}
