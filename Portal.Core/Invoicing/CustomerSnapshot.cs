using Portal.Core.Organisations;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>Who bought, as of issue: what an issued invoice carries of its organisation.</summary>
public sealed record CustomerSnapshot
{
    public required string Name { get; init; }

    public required string BillingEmail { get; init; }

    public string? Address { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    public string? StateCode { get; init; }

    public string? TaxId { get; init; }

    /// <summary>IANA zone in which the dates of the document are written.</summary>
    public required string TimeZone { get; init; }

    public static CustomerSnapshot Of(Organisation organisation, CustomerTaxFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        ArgumentNullException.ThrowIfNull(facts);
        return new CustomerSnapshot
        {
            Name = organisation.Name,
            BillingEmail = organisation.BillingEmail,
            Address = facts.Address,
            Country = facts.Country,
            StateCode = facts.StateCode,
            TaxId = facts.TaxId,
            TimeZone = organisation.Calendar.ZoneAt(now).Id,
        };
    }
}
