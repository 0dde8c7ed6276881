using System.Buffers.Binary;
using System.Diagnostics;
using Npgsql;

namespace Portal.Benchmarks.Ingest;

/// <summary>
/// The baseline of batches: binary COPY of the very rows that were stored, events and idempotency keys, into copies of those tables with the same indexes.
/// The rows lie ready in memory, so that the server alone is measured.
/// </summary>
internal sealed class CopyFloor(BenchmarkServer server)
{
    private const int RowsPerCopy = 10_000;
    private static readonly byte[] s_header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Makes the copies, with what is stored before the rounds.</summary>
    public async Task PrepareAsync()
    {
        await server.ExecuteAsync(
            """
            CREATE TABLE copied_events (LIKE usage_events INCLUDING ALL);
            CREATE TABLE copied_keys (LIKE usage_event_keys INCLUDING ALL);
            INSERT INTO copied_events SELECT * FROM usage_events;
            INSERT INTO copied_keys SELECT * FROM usage_event_keys;
            """);
    }

    /// <summary>Takes up to so many rows that were stored last; they are copied once each.</summary>
    public async Task<IReadOnlyList<(byte[] Events, byte[] Keys, int Rows)>> TakeAsync(DateTimeOffset since, int most)
    {
        // In the order in which they came: a key stands where its event stands.
        var time = since.UtcDateTime.ToString("O");
        var events = await ReadAsync($"COPY (SELECT * FROM usage_events WHERE ingested_at >= '{time}' ORDER BY ingested_at, id LIMIT {most}) TO STDOUT (FORMAT BINARY)");
        var keys = await ReadAsync($"COPY (SELECT * FROM usage_event_keys WHERE ingested_at >= '{time}' ORDER BY ingested_at, event_id LIMIT {most}) TO STDOUT (FORMAT BINARY)");
        return [.. events.Zip(keys, (left, right) => (left.Bytes, right.Bytes, left.Rows))];
    }

    /// <summary>Rows per second over so many connections, one transaction per chunk.</summary>
    public async Task<double> RunAsync(IReadOnlyList<(byte[] Events, byte[] Keys, int Rows)> chunks, int connections)
    {
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            await using var connection = await server.Database.OpenConnectionAsync();
            while (Interlocked.Increment(ref next) is var number && number < chunks.Count)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await CopyAsync(connection, "copied_events", chunks[number].Events);
                await CopyAsync(connection, "copied_keys", chunks[number].Keys);
                await transaction.CommitAsync();
            }
        })));
        return chunks.Sum(chunk => chunk.Rows) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, byte[] rows)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY {table} FROM STDIN (FORMAT BINARY)");
        await copy.WriteAsync(rows);
    }

    private async Task<List<(byte[] Bytes, int Rows)>> ReadAsync(string sql)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        using var all = new MemoryStream();
        await using (var copy = await connection.BeginRawBinaryCopyAsync(sql))
            await copy.CopyToAsync(all);
        return Split(all.GetBuffer().AsMemory(0, (int)all.Length));
    }

    private static List<(byte[] Bytes, int Rows)> Split(ReadOnlyMemory<byte> all)
    {
        List<(byte[], int)> chunks = [];
        var start = s_header.Length;
        var (at, rows) = (start, 0);
        while (true)
        {
            var end = BinaryPrimitives.ReadInt16BigEndian(all.Span[at..]) < 0;
            if (rows == RowsPerCopy || (end && rows > 0))
            {
                chunks.Add(([.. s_header, .. all.Span[start..at], 0xFF, 0xFF], rows));
                (start, rows) = (at, 0);
            }

            if (end)
                return chunks;
            at = SkipRow(all.Span, at);
            rows++;
        }
    }

    private static int SkipRow(ReadOnlySpan<byte> all, int at)
    {
        var columns = BinaryPrimitives.ReadInt16BigEndian(all[at..]);
        at += 2;
        for (; columns > 0; columns--)
            at += 4 + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(all[at..]));
        return at;
    }
}
