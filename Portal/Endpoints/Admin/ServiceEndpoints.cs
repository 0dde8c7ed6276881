using Portal.Access;
using Portal.Components.Listing;
using Portal.Core.Kernel;
using Portal.Core.Plans;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>A service. <paramref name="Fee"/> is that of a whole period, for all of them.</summary>
internal sealed record ServiceBody(
    Guid Id, Guid OrganisationId, string Name, string Type, string? Serial, string Quantity, string UnitPrice, string Fee, string Currency, string Interval, int IntervalCount, string? HsnSac,
    DateOnly AnchorOn, DateOnly ActivatedOn, DateOnly? CancelledOn, string Status, bool IsSuspendedWithAccount, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static ServiceBody Of(Service service) => new(
        service.Id, service.OrganisationId, service.Name, service.Type, service.Serial, ApiText.Number(service.Quantity), ApiText.Number(service.UnitPrice),
        ApiText.Amount(service.Fee, service.Currency), service.Currency, ApiText.Word(service.Interval), service.IntervalCount, service.HsnSac, service.AnchorOn, service.ActivatedOn, service.CancelledOn,
        ApiText.Word(service.Status), service.IsSuspendedWithAccount, service.CreatedAt, service.UpdatedAt);
}

/// <summary>What is to change of a service.</summary>
internal sealed record ServiceChanges(decimal? Quantity);

internal static class ServiceEndpoints
{
    private static readonly IReadOnlyList<(string Name, string Json)> s_services =
    [
        ("a terminal", """ { "organisationId": "01930000-0000-7000-8000-000000000001", "name": "Card terminal", "type": "terminal", "serial": "T-1042", "unitPrice": "499.00" } """),
        ("seats", """ { "organisationId": "01930000-0000-7000-8000-000000000001", "name": "Support seat", "type": "seat", "quantity": 5, "unitPrice": "120", "interval": "month", "activatedOn": "2026-12-01" } """),
    ];

    public static void MapServices(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/services").WithTags("Services");
        group.MapPost("/", ActivateAsync).Produces<ServiceBody>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Add a service, in the organisation's currency").WithExamples(s_services);
        group.MapGet("/", ListAsync).Produces<ListBody<ServiceBody>>().WithSummary("List services, newest first");
        group.MapGet("/{id:guid}", GetAsync).Produces<ServiceBody>().ProducesProblem(StatusCodes.Status404NotFound).WithSummary("Read a service");
        group.MapPatch("/{id:guid}", ChangeAsync).Produces<ServiceBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Change the quantity from today, prorated by day").WithExamples([("two more", """ { "quantity": 7 } """)]);
        group.MapPost("/{id:guid}/suspend", SuspendAsync).Produces<ServiceBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Suspend a service; suspended days are not charged");
        group.MapPost("/{id:guid}/restore", RestoreAsync).Produces<ServiceBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Restore a suspended service");
        group.MapPost("/{id:guid}/cancel", CancelAsync).Produces<ServiceBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Cancel a service; unused days are credited");
    }

    private static async Task<IResult> ActivateAsync(ServiceInput body, HttpContext http, SaveService save, CancellationToken cancellationToken) =>
        (await save.ActivateAsync(http.Call(), body, cancellationToken)).ToCreated(service => $"{AdminApi.Root}/services/{service.Id}", ServiceBody.Of);

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, Guid? organisationId, string? status, string? search, HttpContext http, ListSubscriptions list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var wanted = Choices.Parse<ServiceStatus>(status);
        if (status is not null && wanted is null)
            return new[] { Failure.Invalid("status", "Choose active, suspended or cancelled.") }.ToProblem();
        var page = await list.ServicesAsync(http.Call(), new ServiceFilter(organisationId, wanted), request.Value with { Search = search }, cancellationToken);
        return page.ToOk(rows => ListBody<ServiceBody>.Of(rows, row => row.Id, ServiceBody.Of));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, ListSubscriptions list, CancellationToken cancellationToken) =>
        (await list.ServiceAsync(http.Call(), id, cancellationToken)).ToOk(ServiceBody.Of);

    private static async Task<IResult> ChangeAsync(Guid id, ServiceChanges body, HttpContext http, SaveService save, CancellationToken cancellationToken) => body.Quantity is { } quantity
        ? (await save.ChangeQuantityAsync(http.Call(), id, quantity, cancellationToken)).ToOk(ServiceBody.Of)
        : new[] { Failure.Invalid("quantity", "Enter a number above 0.") }.ToProblem();

    private static async Task<IResult> SuspendAsync(Guid id, HttpContext http, SaveService save, CancellationToken cancellationToken) =>
        (await save.SuspendAsync(http.Call(), id, cancellationToken)).ToOk(ServiceBody.Of);

    private static async Task<IResult> RestoreAsync(Guid id, HttpContext http, SaveService save, CancellationToken cancellationToken) =>
        (await save.RestoreAsync(http.Call(), id, cancellationToken)).ToOk(ServiceBody.Of);

    private static async Task<IResult> CancelAsync(Guid id, HttpContext http, SaveService save, CancellationToken cancellationToken) =>
        (await save.CancelAsync(http.Call(), id, cancellationToken)).ToOk(ServiceBody.Of);
}
