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
}
