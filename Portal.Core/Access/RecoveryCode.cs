using System.Security.Cryptography;
using System.Text;

namespace Portal.Core.Access;

/// <summary>Stands for a code of the app once, for who has lost it. 80 random bits; only their SHA-256 is kept.</summary>
public sealed class RecoveryCode
{
    /// <summary>So many are given out at a time.</summary>
    public const int Count = 10;

    // Crockford's: without what is easily misread.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private RecoveryCode() { }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public byte[] Hash { get; private set; } = [];

    public DateTimeOffset? UsedAt { get; private set; }

    internal static (string Code, RecoveryCode Row) Make(Guid userId, DateTimeOffset now)
    {
        var letters = RandomNumberGenerator.GetString(Alphabet, 16);
        var code = string.Join('-', letters.Chunk(4).Select(part => new string(part)));
        return (code, new RecoveryCode { Id = Guid.CreateVersion7(now), UserId = userId, Hash = HashOf(code) });
    }

    /// <summary>Whatever the case and the blanks that it is typed with.</summary>
    internal static byte[] HashOf(string typed) =>
        SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(typed.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant))));

    internal void Use(DateTimeOffset now) => UsedAt = now;
}
