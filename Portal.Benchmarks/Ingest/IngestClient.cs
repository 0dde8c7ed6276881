using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Benchmarks.Ingest;

/// <summary>One keep-alive connection that posts bodies and waits for each answer; next to nothing besides, as it shares the processors with what is measured.</summary>
internal sealed class IngestClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly IngestRequest _request;
    private readonly byte[] _answer = new byte[16 * 1024];

    private IngestClient(string key) => _request = new IngestRequest(key);

    public static async Task<IngestClient> ConnectAsync(IPEndPoint address, string key)
    {
        var client = new IngestClient(key);
        await client._socket.ConnectAsync(address);
        return client;
    }

    /// <summary>Posts a body; the answer's status and body.</summary>
    public async ValueTask<(int Status, string Body)> PostAsync(ReadOnlyMemory<byte> body)
    {
        for (var request = _request.Render(body.Span); request.Length > 0;)
            request = request[await _socket.SendAsync(request)..];
        var received = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(received));
            if (read == 0)
                throw new IOException("The server closed the connection.");
            received += read;
            if (IngestAnswer.IsComplete(_answer.AsSpan(0, received), out var bodyAt))
                return (IngestAnswer.Status(_answer), Encoding.UTF8.GetString(_answer, bodyAt, received - bodyAt));
        }
    }

    public void Dispose() => _socket.Dispose();
}
