using System.Security.Cryptography;
using Portal.Core.Kernel;

namespace Portal.Core.Invoicing;

/// <summary>The document of an issued invoice: made once, the same bytes for ever.</summary>
public sealed class InvoiceFile : IOrganisationOwned
{
    private InvoiceFile() { }

    public Guid InvoiceId { get; private set; }

    public Guid OrganisationId { get; private set; }

    /// <summary>PDF.</summary>
    public byte[] Content { get; private set; } = [];

    /// <summary>SHA-256 of the content.</summary>
    public byte[] Sha256 { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Keeps what was made.</summary>
    public static InvoiceFile Of(Invoice invoice, byte[] content, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return new InvoiceFile
        {
            InvoiceId = invoice.Id,
            OrganisationId = invoice.OrganisationId,
            Content = content,
            Sha256 = SHA256.HashData(content),
            CreatedAt = now,
        };
    }
}
