using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Portal.Hosting;

namespace Portal.Benchmarks.Pages;

/// <summary>One request or one database command, as the Portal told of it.</summary>
/// <param name="Trace">The trace that it belongs to, 32 hexadecimal digits.</param>
/// <param name="Statement">The command's text; null for a request.</param>
/// <param name="Took">How long it took.</param>
internal sealed record PortalSpan(string Trace, string? Statement, TimeSpan Took);

/// <summary>
/// Takes the traces that the Portal sends by OTLP: its own account of what a request did is exact, tells requests from jobs, and needs nothing of the
/// database. Reads the few fields that are needed of the protocol's messages.
/// </summary>
internal sealed class SpanCollector : IAsyncDisposable
{
    private const string Requests = "Microsoft.AspNetCore";
    private const string Commands = "Npgsql";
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<PortalSpan> _spans = new();
    private readonly Task _work;

    public SpanCollector()
    {
        Address = $"http://127.0.0.1:{LoopbackPort.FindFree()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _work = Task.Run(ListenAsync);
    }

    /// <summary>Where to send to.</summary>
    public string Address { get; }

    /// <summary>What makes the Portal send, soon.</summary>
    public (string Key, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "3600000"),
    ];

    /// <summary>Waits until the requests of these traces have been told of, and everything that they asked the database.</summary>
    public async Task<ILookup<string, PortalSpan>> TakeAsync(IReadOnlyCollection<string> traces)
    {
        // A request ends after all that it did, and what ends first is sent first.
        for (var tries = 0; tries < 300; tries++)
        {
            if (traces.Except(_spans.Where(span => span.Statement is null).Select(span => span.Trace), StringComparer.Ordinal).Any())
                await Task.Delay(100);
            else
                break;
        }

        var found = _spans.ToLookup(span => span.Trace, StringComparer.Ordinal);
        _spans.Clear();
        return traces.All(found.Contains) ? found : throw new TimeoutException("The Portal did not tell of every request.");
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _work;
        _listener.Close();
    }

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            if (context.Request.Url!.AbsolutePath == "/v1/traces")
                Read(body.ToArray());
            context.Response.Close();
        }
    }

    // Request > resource's spans (1) > scope's spans (2) > scope (1) and spans (2).
    private void Read(ReadOnlyMemory<byte> message)
    {
        foreach (var resource in Fields(message).Where(field => field.Number == 1))
        {
            foreach (var scope in Fields(resource.Bytes).Where(field => field.Number == 2))
            {
                var parts = Fields(scope.Bytes).ToList();
                var name = parts.Where(field => field.Number == 1).SelectMany(field => Fields(field.Bytes)).Where(field => field.Number == 1).Select(field => Text(field.Bytes)).FirstOrDefault();
                if (name is not (Requests or Commands))
                    continue;
                foreach (var span in parts.Where(field => field.Number == 2))
                    Add(Fields(span.Bytes).ToList(), name == Commands);
            }
        }
    }

    // Trace (1), start and end in nanoseconds (7, 8), attributes (9).
    private void Add(List<Field> span, bool isCommand)
    {
        var statement = span.Where(field => field.Number == 9).Select(field => Fields(field.Bytes).ToList())
            .Where(pair => Text(pair[0].Bytes) is "db.query.text" or "db.statement")
            .Select(pair => Text(Fields(pair[1].Bytes).First().Bytes)).FirstOrDefault();
        // Npgsql tells of new connections too; those are no questions.
        if (isCommand && statement is null)
            return;
        var took = span.Single(field => field.Number == 8).Value - span.Single(field => field.Number == 7).Value;
        _spans.Enqueue(new PortalSpan(Convert.ToHexStringLower(span.Single(field => field.Number == 1).Bytes.Span), statement, TimeSpan.FromMicroseconds(took / 1000.0)));
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static IEnumerable<Field> Fields(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Number(message, ref at);
            switch (key & 7)
            {
                case 0:
                    yield return new Field((int)(key >> 3), default, Number(message, ref at));
                    break;
                case 1:
                    yield return new Field((int)(key >> 3), default, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Number(message, ref at);
                    yield return new Field((int)(key >> 3), message.Slice(at, length), 0);
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"A field of kind {key & 7}.");
            }
        }
    }

    private static ulong Number(ReadOnlyMemory<byte> message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message.Span[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }

    private readonly record struct Field(int Number, ReadOnlyMemory<byte> Bytes, ulong Value);
}
