using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Portal.E2E.Support;

/// <summary>The wire between a browser and a portal, which can be pulled out and put in again: while it is out, nothing that was open stays so and nothing new begins.</summary>
public sealed class Cable : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private readonly CancellationTokenSource _gone = new();
    private readonly int _port;
    private readonly Task _accepting;
    private volatile bool _isPulled;

    public Cable(Uri portal)
    {
        ArgumentNullException.ThrowIfNull(portal);
        _port = portal.Port;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where the portal is found through the cable.</summary>
    public Uri Address { get; }

    public void Pull()
    {
        _isPulled = true;
        foreach (var client in _open.Keys)
            client.Close();
    }

    public void PutIn() => _isPulled = false;

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _listener.Stop();
        Pull();
        await _accepting;
        _gone.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_gone.Token);
                if (_isPulled)
                    near.Close();
                else
                    _ = CarryAsync(near);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using var far = new TcpClient();
        _open[near] = _open[far] = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _port, _gone.Token);
            if (_isPulled)
                return;
            var (here, there) = (near.GetStream(), far.GetStream());
            await Task.WhenAny(here.CopyToAsync(there, _gone.Token), there.CopyToAsync(here, _gone.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Pulled, or one side has hung up.
        }
        finally
        {
            _open.TryRemove(near, out _);
            _open.TryRemove(far, out _);
            near.Close();
        }
    }
}
