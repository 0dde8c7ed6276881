using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;

namespace Portal.Core.Access;

/// <summary>
/// SHA-256 of what a mailed link carries. It is made when the mail leaves, so that it stands nowhere in clear: not in the database, not in
/// the outbox. Each attempt at sending has one of its own; all that arrived work until the link is used.
/// </summary>
public sealed record LinkSecret(Guid LinkId, byte[] Hash)
{
    private const int RandomLength = 24;

    /// <summary>The secret's token for the address, and the row to store.</summary>
    internal static (string Token, LinkSecret Row) Make(Guid linkId)
    {
        var bytes = new byte[16 + RandomLength];
        linkId.TryWriteBytes(bytes, bigEndian: true, out _);
        RandomNumberGenerator.Fill(bytes.AsSpan(16));
        return (Base64Url.EncodeToString(bytes), new LinkSecret(linkId, SHA256.HashData(bytes)));
    }

    /// <summary>The link that a token belongs to; null for one that we never gave out.</summary>
    internal static async Task<Guid?> FindAsync(IBillingDb db, string? token, CancellationToken cancellationToken)
    {
        var bytes = new byte[16 + RandomLength];
        if (token is null || token.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.TryDecodeFromChars(token, bytes, out var written) || written != bytes.Length)
            return null;
        var linkId = new Guid(bytes.AsSpan(0, 16), bigEndian: true);
        var hash = SHA256.HashData(bytes);
        var known = await db.LinkSecrets.AsNoTracking().Where(row => row.LinkId == linkId).Select(row => row.Hash).ToListAsync(cancellationToken);
        return known.Any(row => CryptographicOperations.FixedTimeEquals(row, hash)) ? linkId : null;
    }
}
