using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Tests.Hosting;

/// <summary>As much of PostgreSQL's protocol as tells a client that it may come in, and which version is here.</summary>
internal sealed class OldPostgres : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    public OldPostgres(string version)
    {
        listener.Start();
        serving = ServeAsync(version);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving;
        listener.Dispose();
        stop.Dispose();
    }

    private static byte[] Message(char type, params byte[][] parts)
    {
        var body = parts.SelectMany(part => part).ToArray();
        var message = new byte[5 + body.Length];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + body.Length);
        body.CopyTo(message, 5);
        return message;
    }

    private static byte[] Parameter(string name, string value) => Message('S', Encoding.UTF8.GetBytes($"{name}\0{value}\0"));

    private async Task ServeAsync(string version)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                await GreetAsync(client.GetStream(), version);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task GreetAsync(NetworkStream stream, string version)
    {
        var buffer = new byte[4096];
        // Requests for encryption come before the greeting and are declined.
        while (await stream.ReadAsync(buffer, stop.Token) == 8)
        {
            await stream.WriteAsync("N"u8.ToArray(), stop.Token);
        }

        byte[] greeting =
        [
            .. Message('R', [0, 0, 0, 0]),
            .. Parameter("server_version", version),
            .. Parameter("client_encoding", "UTF8"),
            .. Parameter("standard_conforming_strings", "on"),
            .. Message('K', [0, 0, 0, 1, 0, 0, 0, 1]),
            .. Message('Z', "I"u8.ToArray()),
        ];
        await stream.WriteAsync(greeting, stop.Token);
        // Until the client goes.
        while (await stream.ReadAsync(buffer, stop.Token) > 0)
        {
        }
    }
}
