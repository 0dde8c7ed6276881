using System.Security.Cryptography;
using Portal.Core.Kernel;

namespace Portal.Core.PrepaidCredits;

/// <summary>The stored document of a receipt voucher: the same bytes for ever, proven by their hash. Append-only.</summary>
public sealed class PrepaidVoucherFile : IOrganisationOwned
{
    private PrepaidVoucherFile() { }

    public Guid PurchaseId { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>PDF.</summary>
    public byte[] Content { get; private set; } = [];

    /// <summary>SHA-256 of the content.</summary>
    public byte[] Sha256 { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Keeps what was made.</summary>
    public static PrepaidVoucherFile Of(PrepaidPurchase purchase, byte[] content, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(purchase);
        return new PrepaidVoucherFile
        {
            PurchaseId = purchase.Id,
            OrganisationId = purchase.OrganisationId,
            Content = content,
            Sha256 = SHA256.HashData(content),
            CreatedAt = now,
        };
    }
}
