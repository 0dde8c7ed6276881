namespace Portal.Core.Invoicing;

/// <summary>The seller or the customer, as a document prints them: copies of what was in force at issue, not references.</summary>
public sealed record DocumentParty
{
    public required string LegalName { get; init; }

    /// <summary>Street, city and postal code, a line each.</summary>
    public IReadOnlyList<string> AddressLines { get; init; } = [];

    /// <summary>State or region with its code where the law wants it, e.g. <c>Karnataka (29)</c>.</summary>
    public string? State { get; init; }

    /// <summary>The name of the country, not its code.</summary>
    public string? Country { get; init; }

    /// <summary>What the tax id is called, e.g. <c>GSTIN</c>; with <see cref="TaxId"/>.</summary>
    public string? TaxIdLabel { get; init; }

    public string? TaxId { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    /// <summary>A PNG of at most 1 MiB and 4,000,000 pixels; the seller's only.</summary>
    public ReadOnlyMemory<byte>? Logo { get; init; }
}
