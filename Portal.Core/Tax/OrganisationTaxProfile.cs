using Portal.Core.Kernel;
using Portal.Core.Organisations;

namespace Portal.Core.Tax;

/// <summary>What decides a customer's tax.</summary>
public sealed record CustomerTaxFacts
{
    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    /// <summary>For India the two-digit GST state code, elsewhere the region.</summary>
    public string? StateCode { get; init; }

    /// <summary>Registered for tax under this number; for India a GSTIN. Null: not registered.</summary>
    public string? TaxId { get; init; }

    /// <summary>Postal address, one line per row.</summary>
    public string? Address { get; init; }

    /// <summary>Lies in a special economic zone of India: always inter-state.</summary>
    public bool IsSez { get; init; }

    /// <summary>The customer accounts for the tax itself; the invoice says so and charges none.</summary>
    public bool IsReverseCharge { get; init; }

    /// <summary>Why no tax is charged; null: it is.</summary>
    public string? ExemptionReason { get; init; }

    /// <summary>Per cent, in place of the tables' rate; null: the tables decide.</summary>
    public decimal? OwnRate { get; init; }

    /// <summary>What the own rate is called on documents.</summary>
    public string? OwnLabel { get; init; }

    /// <summary>What an organisation's address says, where no profile was ever kept.</summary>
    public static CustomerTaxFacts Of(Organisation organisation)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        return new CustomerTaxFacts { Country = organisation.Country, StateCode = organisation.StateCode, TaxId = organisation.TaxId, Address = organisation.Address };
    }
}

/// <summary>A customer's tax profile over a range of days. Two versions are never in force on one day; the database refuses it.</summary>
public sealed class OrganisationTaxProfile : IOrganisationOwned, IInForce
{
    private OrganisationTaxProfile() { }

    public Guid Id { get; private set; }

    public Guid OrganisationId { get; private set; }

    public string Country { get; private set; } = "";

    public string? StateCode { get; private set; }

    public string? TaxId { get; private set; }

    public string? Address { get; private set; }

    public bool IsSez { get; private set; }

    public bool IsReverseCharge { get; private set; }

    public string? ExemptionReason { get; private set; }

    public decimal? OwnRate { get; private set; }

    public string? OwnLabel { get; private set; }

    public DateOnly EffectiveFrom { get; private set; }

    public DateOnly? EffectiveTo { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The facts together.</summary>
    public CustomerTaxFacts Facts => new()
    {
        Country = Country,
        StateCode = StateCode,
        TaxId = TaxId,
        Address = Address,
        IsSez = IsSez,
        IsReverseCharge = IsReverseCharge,
        ExemptionReason = ExemptionReason,
        OwnRate = OwnRate,
        OwnLabel = OwnLabel,
    };

    public static OrganisationTaxProfile Create(Guid organisationId, CustomerTaxFacts facts, DateOnly effectiveFrom, DateOnly? effectiveTo, DateTimeOffset now)
    {
        var profile = new OrganisationTaxProfile { Id = Guid.CreateVersion7(now), OrganisationId = organisationId, EffectiveFrom = effectiveFrom, EffectiveTo = effectiveTo, CreatedAt = now };
        profile.Correct(facts, now);
        return profile;
    }

    /// <summary>Corrects this version; what is issued keeps its copies.</summary>
    public void Correct(CustomerTaxFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        (Country, StateCode, TaxId, Address, IsSez, IsReverseCharge) = (facts.Country, facts.StateCode, facts.TaxId, facts.Address, facts.IsSez, facts.IsReverseCharge);
        (ExemptionReason, OwnRate, OwnLabel, UpdatedAt) = (facts.ExemptionReason, facts.OwnRate, facts.OwnLabel, now);
    }

    internal void End(DateOnly effectiveTo, DateTimeOffset now) => (EffectiveTo, UpdatedAt) = (effectiveTo, now);
}
