using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Benchmarks.Ingest;

/// <summary>One keep-alive connection that posts bodies and waits for each answer; next to nothing besides, as it shares the processors with what is measured.</summary>
internal sealed class IngestClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _head;
    private readonly byte[] _answer = new byte[16 * 1024];
    private byte[] _request = new byte[64 * 1024];

    private IngestClient(string key) => _head = Encoding.ASCII.GetBytes(
        $"POST /api/v1/ingest HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: ");

    public static async Task<IngestClient> ConnectAsync(IPEndPoint address, string key)
    {
        var client = new IngestClient(key);
        await client._socket.ConnectAsync(address);
        return client;
    }

    /// <summary>Posts a body; the answer's status and body.</summary>
    public async ValueTask<(int Status, string Body)> PostAsync(ReadOnlyMemory<byte> body, bool keepBody = false)
    {
        var length = Render(body.Span);
        for (var sent = 0; sent < length;)
            sent += await _socket.SendAsync(_request.AsMemory(sent, length - sent));
        var received = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(received));
            if (read == 0)
                throw new IOException("The server closed the connection.");
            received += read;
            if (IsComplete(received, out var bodyAt))
                return (((_answer[9] - '0') * 100) + ((_answer[10] - '0') * 10) + _answer[11] - '0', keepBody ? Encoding.UTF8.GetString(_answer, bodyAt, received - bodyAt) : "");
        }
    }

    public void Dispose() => _socket.Dispose();

    private int Render(ReadOnlySpan<byte> body)
    {
        if (_request.Length < _head.Length + body.Length + 32)
            _request = new byte[_head.Length + body.Length + 32];
        _head.CopyTo(_request, 0);
        body.Length.TryFormat(_request.AsSpan(_head.Length), out var digits, provider: CultureInfo.InvariantCulture);
        var at = _head.Length + digits;
        "\r\n\r\n"u8.CopyTo(_request.AsSpan(at));
        body.CopyTo(_request.AsSpan(at + 4));
        return at + 4 + body.Length;
    }

    private bool IsComplete(int received, out int bodyAt)
    {
        var answer = _answer.AsSpan(0, received);
        bodyAt = answer.IndexOf("\r\n\r\n"u8) + 4;
        if (bodyAt < 4)
            return false;
        var head = answer[..bodyAt];
        var lengthAt = head.IndexOf("Content-Length: "u8);
        if (lengthAt >= 0 && System.Buffers.Text.Utf8Parser.TryParse(head[(lengthAt + 16)..], out int length, out _))
            return received >= bodyAt + length;
        return answer.EndsWith("0\r\n\r\n"u8);
    }
}
