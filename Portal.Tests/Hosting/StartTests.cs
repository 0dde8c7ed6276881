using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Portal.Hosting;
using Portal.Tests.Support;

namespace Portal.Tests.Hosting;

/// <summary>The program as a whole: what it says, and with which exit code it ends.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> environment;
    private readonly int port = LoopbackPort.FindFree();

    public StartTests() => environment = new(StringComparer.Ordinal)
    {
        ["Billing__DataDirectory"] = folder.FullPath,
        ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}",
    };

    private string Cluster => Path.Combine(folder.FullPath, "postgres");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Told_to_stop_it_ends_with_0_and_leaves_no_server_behind()
    {
        using var portal = await StartAsync();

        await portal.TerminateAsync();

        (await portal.WaitAsync()).ExitCode.ShouldBe(0);
        EmbeddedPostgresProcesses.FindAll(Cluster).ShouldBeEmpty();
        File.Exists(Path.Combine(Cluster, "postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_start_on_the_same_folder_is_refused_in_one_line_and_the_first_goes_on()
    {
        using var portal = await StartAsync();
        var other = new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" };

        await ShouldBeRefusedAsync(other, folder.FullPath);

        await ListensAsync(portal);
        await portal.TerminateAsync();
        (await portal.WaitAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task After_kill_9_the_next_start_takes_over_the_server_that_was_left()
    {
        using (var killed = await StartAsync())
        {
            await killed.KillAsync();
        }

        var left = EmbeddedPostgresProcesses.FindServer(Cluster).ShouldNotBeNull();

        using var portal = await StartAsync();

        EmbeddedPostgresProcesses.FindServer(Cluster).ShouldNotBeNull().ShouldNotBe(left);
        await portal.TerminateAsync();
        (await portal.WaitAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_busy_port_is_named_in_one_line_and_nothing_is_started()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, port);
        stranger.Start();

        await ShouldBeRefusedAsync(environment, port.ToString(CultureInfo.InvariantCulture), "ASPNETCORE_URLS");

        Directory.Exists(Cluster).ShouldBeFalse();
    }

    [Fact]
    public async Task Missing_packages_are_named_in_one_line()
    {
        environment["Billing__AssetsDirectory"] = Path.Combine(folder.FullPath, "nothing");

        await ShouldBeRefusedAsync(environment, "npm ci", "Node.js");
    }

    [Fact]
    public async Task A_configured_database_that_is_not_there_is_named_without_its_password_in_bounded_time()
    {
        var nobody = LoopbackPort.FindFree().ToString(CultureInfo.InvariantCulture);
        environment["ConnectionStrings__Billing"] = $"Host=127.0.0.1;Port={nobody};Username=billing;Password=hush-hush;Database=billing";
        var waited = Stopwatch.StartNew();

        var line = await ShouldBeRefusedAsync(environment, $"127.0.0.1:{nobody}", "refused");

        line.ShouldNotContain("hush-hush");
        waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_configured_database_that_accepts_and_says_nothing_is_given_up_in_bounded_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var silentPort = ((IPEndPoint)silent.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        environment["ConnectionStrings__Billing"] = $"Host=127.0.0.1;Port={silentPort};Username=billing;Database=billing";
        var waited = Stopwatch.StartNew();

        await ShouldBeRefusedAsync(environment, $"127.0.0.1:{silentPort}");

        waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_refused_at_once()
    {
        var cluster = await PostgresCluster.GetAsync();
        environment["ConnectionStrings__Billing"] = cluster.Address("no_such_database");

        var line = await ShouldBeRefusedAsync(environment, "no_such_database");

        if (new NpgsqlConnectionStringBuilder(environment["ConnectionStrings__Billing"]).Password is { Length: > 0 } password)
        {
            line.ShouldNotContain(password);
        }
    }

    [Fact]
    public async Task An_unreadable_connection_string_is_refused_without_quoting_it()
    {
        environment["ConnectionStrings__Billing"] = "Host=db.example.com;Prot=5432;Password=hush-hush";

        (await ShouldBeRefusedAsync(environment, "ConnectionStrings__Billing")).ShouldNotContain("hush-hush");
    }

    [Fact]
    public async Task A_PostgreSQL_older_than_15_is_refused()
    {
        await using var old = new OldPostgres("14.19");
        environment["ConnectionStrings__Billing"] = $"Host=127.0.0.1;Port={old.Port.ToString(CultureInfo.InvariantCulture)};Username=billing;Database=billing;SslMode=Disable";

        await ShouldBeRefusedAsync(environment, "14.19", "15 or later");
    }

    private static async Task<string> ShouldBeRefusedAsync(IReadOnlyDictionary<string, string> with, params string[] words)
    {
        using var portal = PortalProcess.Start(with);
        var (exitCode, output, errors) = await portal.WaitAsync();

        exitCode.ShouldBe(1, errors + output);
        var line = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
        output.ShouldBeEmpty();
        foreach (var word in words)
        {
            line.ShouldContain(word);
        }

        return line;
    }

    private async Task<PortalProcess> StartAsync()
    {
        var portal = PortalProcess.Start(environment);
        await ListensAsync(portal);
        return portal;
    }

    private Task ListensAsync(PortalProcess portal) => Eventually.HoldsAsync(
        async () =>
        {
            if (portal.HasExited)
            {
                Assert.Fail((await portal.WaitAsync()).Errors);
            }

            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        "the portal listens",
        TimeSpan.FromSeconds(60));
}
