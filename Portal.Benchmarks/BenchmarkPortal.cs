using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Portal.Hosting;

namespace Portal.Benchmarks;

/// <summary>The product in a process of its own, configured as in production, on a benchmark's database.</summary>
internal sealed class BenchmarkPortal : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private BenchmarkPortal(Process process, string folder, IPEndPoint address) => (_process, _folder, Address) = (process, folder, address);

    public IPEndPoint Address { get; }

    /// <summary>Its working set now, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Its processor time until now.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it and waits until it is ready; it migrates the database.</summary>
    public static async Task<BenchmarkPortal> StartAsync(BenchmarkServer server, params (string Key, string Value)[] settings)
    {
        var address = new IPEndPoint(IPAddress.Loopback, LoopbackPort.FindFree());
        var folder = Directory.CreateTempSubdirectory("billing-portal-benchmark-").FullName;
        var start = new ProcessStartInfo("dotnet", [typeof(Startup).Assembly.Location])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = $"http://{address}";
        start.Environment["ConnectionStrings__Billing"] = server.Address;
        start.Environment["Billing__DataDirectory"] = folder;
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        var portal = new BenchmarkPortal(Process.Start(start)!, folder, address);
        portal._process.BeginOutputReadLine();
        await portal.UntilReadyAsync();
        return portal;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var stop = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await stop.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task UntilReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{Address}") };
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(200))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The Portal ended with {_process.ExitCode}.");
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception exception) when (exception is HttpRequestException or SocketException)
            {
                // Not listening yet.
            }
        }

        throw new TimeoutException("The Portal is not ready after two minutes.");
    }
}
