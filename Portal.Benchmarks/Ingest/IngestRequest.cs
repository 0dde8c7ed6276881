using System.Globalization;
using System.Text;

namespace Portal.Benchmarks.Ingest;

/// <summary>Renders the bytes of one request after the other into one buffer.</summary>
internal sealed class IngestRequest(string key)
{
    private readonly byte[] _head = Encoding.ASCII.GetBytes(
        $"POST /api/v1/ingest HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: ");

    private byte[] _bytes = new byte[4 * 1024];

    public ReadOnlyMemory<byte> Render(ReadOnlySpan<byte> body)
    {
        if (_bytes.Length < _head.Length + body.Length + 32)
            _bytes = new byte[_head.Length + body.Length + 32];
        _head.CopyTo(_bytes, 0);
        body.Length.TryFormat(_bytes.AsSpan(_head.Length), out var digits, provider: CultureInfo.InvariantCulture);
        var at = _head.Length + digits;
        "\r\n\r\n"u8.CopyTo(_bytes.AsSpan(at));
        body.CopyTo(_bytes.AsSpan(at + 4));
        return _bytes.AsMemory(0, at + 4 + body.Length);
    }
}

/// <summary>Reads of an answer what a client must know.</summary>
internal static class IngestAnswer
{
    public static int Status(ReadOnlySpan<byte> answer) => ((answer[9] - '0') * 100) + ((answer[10] - '0') * 10) + answer[11] - '0';

    public static bool IsComplete(ReadOnlySpan<byte> answer, out int bodyAt)
    {
        bodyAt = answer.IndexOf("\r\n\r\n"u8) + 4;
        if (bodyAt < 4)
            return false;
        var head = answer[..bodyAt];
        var lengthAt = head.IndexOf("Content-Length: "u8);
        if (lengthAt >= 0 && System.Buffers.Text.Utf8Parser.TryParse(head[(lengthAt + 16)..], out int length, out _))
            return answer.Length >= bodyAt + length;
        return answer.EndsWith("0\r\n\r\n"u8);
    }
}
