using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Portal.Tests.Support;

namespace Portal.E2E.Support;

/// <summary>A running Portal: its own process, data folder, port and embedded PostgreSQL, as somebody would start it.</summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(120);
    private readonly StringBuilder _output = new();
    private readonly Dictionary<string, string> _settings;
    private readonly bool _ownsFolder;
    private Process? _process;

    private PortalProcess(string folder, bool ownsFolder, Uri address, IReadOnlyDictionary<string, string> settings) =>
        (Folder, _ownsFolder, Address, _settings) = (folder, ownsFolder, address, new Dictionary<string, string>(settings, StringComparer.Ordinal));

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>Where it answers.</summary>
    public Uri Address { get; }

    /// <summary>What the first start of the demo wrote down.</summary>
    public DemoFacts Demo { get; private set; } = null!;

    /// <summary>Everything printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public int Id => _process!.Id;

    /// <summary>Starts a Portal in a folder of its own and waits until it is ready.</summary>
    public static async Task<PortalProcess> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("billing-portal-").FullName;
        // The embedded server runs as another user when we are root: that user must reach its data.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        var portal = new PortalProcess(folder, true, new Uri($"http://127.0.0.1:{FreePort()}"), settings ?? new Dictionary<string, string>());
        try
        {
            await portal.RunAsync();
            return portal;
        }
        catch
        {
            // Nobody else would end it.
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again on the same data after it was killed or stopped.</summary>
    public Task RestartAsync() => RunAsync();

    /// <summary>Stops it, and starts it again on the same data with its clock set ahead.</summary>
    public async Task MoveAheadAsync(TimeSpan by)
    {
        (await StopAsync()).ShouldBe(0, Output);
        _settings["Demo__Ahead"] = by.ToString("c", System.Globalization.CultureInfo.InvariantCulture);
        await RunAsync();
    }

    /// <summary>SIGKILL of the app alone, as a crash would: its database server lives on.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager would; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await StopAsync();
        _process?.Dispose();
        if (_ownsFolder)
            Directory.Delete(Folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task RunAsync()
    {
        var project = Path.Combine(RepositoryRoot.Path, "Portal");
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(project, "bin", configuration, "net10.0", "Portal.dll")])
        {
            WorkingDirectory = project,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = Address.ToString().TrimEnd('/');
        start.Environment["Billing__DataDirectory"] = Folder;
        // Enough to walk through, made in a moment.
        start.Environment["Demo__Organisations"] = "4";
        start.Environment["Demo__Months"] = "3";
        foreach (var (key, value) in _settings)
            start.Environment[key] = value;
        _process?.Dispose();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await UntilReadyAsync();
        Demo = JsonSerializer.Deserialize<DemoFacts>(await File.ReadAllTextAsync(Path.Combine(Folder, "demo.json")), JsonSerializerOptions.Web)!;
    }

    private async Task UntilReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        var waited = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (waited.Elapsed < s_startLimit)
        {
            if (_process!.HasExited)
                throw new InvalidOperationException($"The portal ended with {_process.ExitCode}:\n{Output}");
            if (await IsReadyAsync(http) && File.Exists(Path.Combine(Folder, "demo.json")))
                return;
            await timer.WaitForNextTickAsync();
        }

        throw new TimeoutException($"The portal was not ready in {s_startLimit.TotalSeconds} s:\n{Output}");
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}

/// <summary>The facts of the demo, as <c>demo.json</c> has them.</summary>
public sealed record DemoFacts(string Url, string AdminApiKey, string IngestApiKey, Guid ProjectId, Guid OrganisationId, IReadOnlyList<DemoUser> Users)
{
    public DemoUser User(string role) => Users.First(user => user.Role == role);
}

public sealed record DemoUser(string Email, string Password, string Role);
