using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Tests.Payments.Support;

/// <summary>A server on a real socket that does to each call what the script says: answers, half-answers, hangs or cuts.</summary>
internal sealed class MisbehavingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Func<Stream, CancellationToken, Task>> _script = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _loop;

    public MisbehavingServer()
    {
        _listener.Start();
        _loop = RunAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The requests as they came, heads and bodies.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public MisbehavingServer Answers(int status, string body, string contentType = "application/json", string headers = "")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        _script.Enqueue(async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Type: {contentType}\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n{headers}\r\n"), token);
            await stream.WriteAsync(bytes, token);
        });
        return this;
    }

    public MisbehavingServer Hangs()
    {
        _script.Enqueue((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token));
        return this;
    }

    public MisbehavingServer Cuts()
    {
        _script.Enqueue((_, _) => Task.CompletedTask);
        return this;
    }

    /// <summary>Promises more bytes than it sends.</summary>
    public MisbehavingServer CutsInTheBody()
    {
        _script.Enqueue(async (stream, token) =>
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"id\":\"order_"u8.ToArray(), token));
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop.ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            _requests.Enqueue(await ReadAsync(stream));
            if (!_script.TryDequeue(out var act))
                act = (_, _) => throw new InvalidOperationException("No more calls were expected.");
            try
            {
                await act(stream, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (true)
        {
            var read = await stream.ReadAsync(buffer);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            var so = text.ToString();
            var end = so.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read == 0)
                return so;
            if (end < 0)
                continue;
            var line = so[..end].Split("\r\n").FirstOrDefault(it => it.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            var length = line is null ? 0 : int.Parse(line["Content-Length:".Length..].Trim(), System.Globalization.CultureInfo.InvariantCulture);
            if (Encoding.UTF8.GetByteCount(so[(end + 4)..]) >= length)
                return so;
        }
    }
}
