namespace Portal.Core.Pricing;

/// <summary>A price as lists and pages show it.</summary>
public sealed record PriceDetails(
    Guid Id,
    string MetricName,
    string Unit,
    Guid? OrganisationId,
    string? OrganisationName,
    Guid? PlanId,
    PriceTerms Terms,
    string? HsnSac,
    DateOnly EffectiveFrom,
    DateOnly? EffectiveTo,
    DateTimeOffset CreatedAt)
{
    /// <summary>Of the plan that it belongs to.</summary>
    public string? PlanName { get; init; }

    internal static PriceDetails Of(Price price, string? organisationName, string? planName = null) => new(
        price.Id,
        price.MetricName,
        price.Unit,
        price.OrganisationId,
        organisationName,
        price.PlanId,
        price.Terms,
        price.HsnSac,
        price.EffectiveFrom,
        price.EffectiveTo,
        price.CreatedAt)
    {
        PlanName = planName,
    };
}
