using Portal.Access;
using Portal.Core.Organisations;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>What a new organisation is to be. Left out: the platform's zone, 15 days to pay.</summary>
internal sealed record OrganisationInput(
    string? Name, string? BillingEmail, string? Currency, string? TimeZone, string? Country, string? StateCode, string? TaxId, string? Address,
    string? Locale, int? PaymentTermsDays, bool? IsActive);

/// <summary>An organisation.</summary>
internal sealed record OrganisationBody(
    Guid Id, string Name, string BillingEmail, string Currency, string TimeZone, string? NextTimeZone, DateTimeOffset? TimeZoneChangesAt, string Country,
    string? StateCode, string? TaxId, string? Address, string Locale, int PaymentTermsDays, string Status, bool IsActive,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static OrganisationBody Of(Organisation organisation) => new(
        organisation.Id, organisation.Name, organisation.BillingEmail, organisation.Currency, organisation.TimeZone, organisation.NextTimeZone,
        organisation.TimeZoneChangesAt, organisation.Country, organisation.StateCode, organisation.TaxId, organisation.Address, organisation.Locale,
        organisation.PaymentTermsDays, ApiText.Word(organisation.Status), organisation.IsActive,
        organisation.CreatedAt, organisation.UpdatedAt);
}

/// <summary>A row of the list of organisations.</summary>
internal sealed record OrganisationItem(Guid Id, string Name, string BillingEmail, string Currency, string Country, string Status, bool IsActive, int Projects, DateTimeOffset CreatedAt);

internal static class OrganisationEndpoints
{
    public static void MapOrganisations(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/organisations").WithTags("Organisations");
        group.MapPost("/", CreateAsync).Produces<OrganisationBody>(StatusCodes.Status201Created).WithSummary("Create an organisation");
        group.MapGet("/", ListAsync).Produces<ListBody<OrganisationItem>>().WithSummary("List organisations, newest first");
        group.MapGet("/{id:guid}", GetAsync).Produces<OrganisationBody>().WithSummary("Read an organisation");
        group.MapPatch("/{id:guid}", ChangeAsync).Produces<OrganisationBody>().WithSummary("Update the given fields; the others don't change");
    }

    private static async Task<IResult> CreateAsync(OrganisationInput body, HttpContext http, CreateOrganisation create, PlatformDefaults defaults, CancellationToken cancellationToken)
    {
        var profile = new OrganisationProfile
        {
            Name = body.Name ?? "",
            BillingEmail = body.BillingEmail ?? "",
            Currency = body.Currency ?? "",
            TimeZone = body.TimeZone ?? await defaults.TimeZoneAsync(cancellationToken),
            Country = body.Country ?? "",
            StateCode = body.StateCode,
            TaxId = body.TaxId,
            Address = body.Address,
            Locale = body.Locale ?? "en-IN",
            PaymentTermsDays = body.PaymentTermsDays ?? 15,
            IsActive = body.IsActive ?? true,
        };
        var created = await create.RunAsync(http.Call(), profile, cancellationToken);
        return created.ToCreated(organisation => $"/api/v1/admin/organisations/{organisation.Id}", OrganisationBody.Of);
    }

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, string? search, HttpContext http, ListOrganisations list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var page = await list.RunAsync(http.Call(), request.Value with { Search = search }, cancellationToken);
        return page.ToOk(rows => ListBody<OrganisationItem>.Of(rows, row => row.Id, row => new OrganisationItem(
            row.Id, row.Name, row.BillingEmail, row.Currency, row.Country, ApiText.Word(row.Status), row.IsActive, row.Projects, row.CreatedAt)));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, GetOrganisation get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(OrganisationBody.Of);

    private static async Task<IResult> ChangeAsync(Guid id, OrganisationInput body, HttpContext http, ChangeOrganisation change, CancellationToken cancellationToken)
    {
        var changes = new OrganisationChanges
        {
            Name = body.Name,
            BillingEmail = body.BillingEmail,
            Currency = body.Currency,
            TimeZone = body.TimeZone,
            Country = body.Country,
            StateCode = body.StateCode,
            TaxId = body.TaxId,
            Address = body.Address,
            Locale = body.Locale,
            PaymentTermsDays = body.PaymentTermsDays,
            IsActive = body.IsActive,
        };
        return (await change.RunAsync(http.Call(), id, changes, cancellationToken)).ToOk(OrganisationBody.Of);
    }
}
