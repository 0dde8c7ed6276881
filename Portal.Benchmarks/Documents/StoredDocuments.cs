using System.Security.Cryptography;
using Npgsql;

namespace Portal.Benchmarks.Documents;

/// <summary>What a benchmark of documents is worth nothing without: each is stored, hashes to what is stored beside it, and is a PDF of one page.</summary>
internal static class StoredDocuments
{
    public static async Task CheckAsync(NpgsqlDataSource database, IReadOnlyCollection<Guid> invoices)
    {
        await using var command = database.CreateCommand("SELECT invoice_id, content, sha256 FROM invoice_files");
        await using var reader = await command.ExecuteReaderAsync();
        var left = invoices.ToHashSet();
        long bytes = 0;
        while (await reader.ReadAsync())
        {
            var (id, content, hash) = (reader.GetGuid(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2));
            BillingRunBenchmark.Expect(left.Remove(id), $"invoice {id} was not asked for");
            BillingRunBenchmark.Expect(SHA256.HashData(content).AsSpan().SequenceEqual(hash), $"the document of invoice {id} has another hash");
            if (bytes == 0) await File.WriteAllBytesAsync("/tmp/first.pdf", content);
            bytes += content.Length;
        }

        BillingRunBenchmark.Expect(left.Count == 0, $"{left.Count} documents were not stored");
        Console.WriteLine($"checked    {invoices.Count} stored documents of one page, {bytes / invoices.Count:N0} bytes on average: every hash is that of its bytes");
    }
}
