using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace Portal.Benchmarks.Documents;

/// <summary>What a benchmark of documents is worth nothing without: each is stored, hashes to what is stored beside it, and is a PDF of one page.</summary>
internal static partial class StoredDocuments
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
            BillingRunBenchmark.Expect(Pages(content) == 1, $"the document of invoice {id} is no PDF of one page");
            bytes += content.Length;
        }

        BillingRunBenchmark.Expect(left.Count == 0, $"{left.Count} documents were not stored");
        Console.WriteLine($"checked    {invoices.Count} stored documents of one page, {bytes / invoices.Count:N0} bytes on average: every hash is that of its bytes");
    }

    /// <summary>How many pages a PDF has whose page objects are not packed away, as both engines write them; 0 when it is no whole PDF.</summary>
    public static int Pages(byte[] content)
    {
        // One byte is one character.
        var text = Encoding.Latin1.GetString(content);
        return text.StartsWith("%PDF-", StringComparison.Ordinal) && text.TrimEnd().EndsWith("%%EOF", StringComparison.Ordinal) ? Page().Count(text) : 0;
    }

    [GeneratedRegex(@"/Type\s*/Page(?![A-Za-z])")]
    private static partial Regex Page();
}
