using Portal.Access;
using Portal.Core.Discounts;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Endpoints.Downloads;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>A discount; <paramref name="Kind"/>: <c>percentage</c> or <c>amount</c>. Without a metric it is for the whole invoice.</summary>
internal sealed record DiscountBody(
    Guid Id, string Name, string? Code, string Kind, string Value, string? Currency, string? MetricName, string? Unit, int? Periods, DateOnly? RedeemBy, int? MaxRedemptions, int Redemptions,
    bool IsActive, DateTimeOffset CreatedAt)
{
    public static DiscountBody Of(Discount discount) => new(
        discount.Id, discount.Name, discount.Code, ApiText.Word(discount.Kind), discount.Currency is { } currency ? ApiText.Amount(discount.Value, currency) : ApiText.Number(discount.Value), discount.Currency,
        discount.MetricName, discount.Unit, discount.Periods, discount.RedeemBy, discount.MaxRedemptions, discount.Redemptions, discount.IsActive, discount.CreatedAt);
}

/// <summary>A discount that an organisation has; <paramref name="EndMonth"/> is the first month that it is no longer for.</summary>
internal sealed record OrganisationDiscountBody(Guid Id, Guid OrganisationId, Guid DiscountId, string Source, string? Reason, string FirstMonth, string? EndMonth, DateTimeOffset CreatedAt)
{
    public static OrganisationDiscountBody Of(OrganisationDiscount row) => new(
        row.Id, row.OrganisationId, row.DiscountId, ApiText.Word(row.Source), row.Reason, BillingMonth.FromIndex(row.FirstMonth).ToString(), Month(row.EndMonth), row.CreatedAt);

    public static OrganisationDiscountBody Of(OrganisationDiscountDetails row) => new(
        row.Id, row.OrganisationId, row.DiscountId, ApiText.Word(row.Source), row.Reason, BillingMonth.FromIndex(row.FirstMonth).ToString(), Month(row.EndMonth), row.CreatedAt);

    private static string? Month(int? index) => index is { } month ? BillingMonth.FromIndex(month).ToString() : null;
}

/// <summary>The discount by its id or by its code; <paramref name="FirstMonth"/> left out: the month that runs.</summary>
internal sealed record GiveDiscountInput(Guid? DiscountId, string? Code, string? FirstMonth, string? Reason);

/// <summary>The first month that it is no longer for.</summary>
internal sealed record EndDiscountInput(string? Month);

internal static class DiscountEndpoints
{
    private static readonly (string, string)[] s_discounts =
    [
        ("percentage of the invoice", """{ "name": "Launch offer", "code": "LAUNCH-20", "kind": "percentage", "value": 20, "periods": 3, "maxRedemptions": 100, "redeemBy": "2027-03-31" }"""),
        ("amount of a metric", """{ "name": "Calls on us", "kind": "amount", "value": "500.00", "currency": "INR", "metricName": "api_calls", "unit": "calls" }"""),
    ];

    private static readonly (string, string)[] s_given =
    [
        ("by id", """{ "discountId": "019ae000-0000-7000-8000-000000000001", "firstMonth": "2026-12", "reason": "As agreed in the contract" }"""),
        ("by code", """{ "code": "LAUNCH-20", "reason": "Asked for it by mail" }"""),
    ];

    public static void MapDiscounts(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/discounts").WithTags("Discounts");
        group.MapGet("/", ListAsync).Produces<ListBody<DiscountBody>>().WithSummary("List discounts, newest first");
        group.MapPost("/", CreateAsync).Produces<DiscountBody>(StatusCodes.Status201Created).WithSummary("Create a discount; its terms can't be changed").WithExamples(s_discounts);
        group.MapGet("/{id:guid}", GetAsync).Produces<DiscountBody>().WithSummary("Read a discount");
        group.MapPost("/{id:guid}/withdraw", WithdrawAsync).Produces<DiscountBody>().WithSummary("Withdraw a discount; existing redemptions remain");
        admin.MapGet("/organisations/{id:guid}/discounts", GivenAsync).WithTags("Discounts").Produces<ListBody<OrganisationDiscountBody>>().WithSummary("List an organisation's discounts, newest first");
        admin.MapPost("/organisations/{id:guid}/discounts", GiveAsync).WithTags("Discounts").Produces<OrganisationDiscountBody>(StatusCodes.Status201Created)
            .WithSummary("Apply a discount to an organisation, by its id or code, with a reason").WithExamples(s_given);
        admin.MapPost("/organisation-discounts/{id:guid}/end", EndAsync).WithTags("Discounts").Produces<OrganisationDiscountBody>().WithSummary("End an organisation's discount before a month")
            .WithExamples([("from January on", """{ "month": "2027-01" }""")]);
    }

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, string? search, HttpContext http, ListDiscounts list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        return request.Succeeded
            ? (await list.RunAsync(http.Call(), request.Value with { Search = search }, cancellationToken)).ToOk(rows => ListBody<DiscountBody>.Of(rows, row => row.Id, DiscountBody.Of))
            : request.Failures.ToProblem();
    }

    private static async Task<IResult> CreateAsync(DiscountInput body, HttpContext http, CreateDiscount create, CancellationToken cancellationToken) =>
        (await create.RunAsync(http.Call(), body, cancellationToken)).ToCreated(discount => $"{AdminApi.Root}/discounts/{discount.Id}", DiscountBody.Of);

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, GetDiscount get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(DiscountBody.Of);

    private static async Task<IResult> WithdrawAsync(Guid id, HttpContext http, WithdrawDiscount withdraw, CancellationToken cancellationToken) =>
        (await withdraw.RunAsync(http.Call(), id, cancellationToken)).ToOk(DiscountBody.Of);

    private static async Task<IResult> GivenAsync(Guid id, [AsParameters] Paging paging, HttpContext http, ListOrganisationDiscounts list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        return request.Succeeded
            ? (await list.RunAsync(http.Call(), id, request.Value, cancellationToken)).ToOk(rows => ListBody<OrganisationDiscountBody>.Of(rows, row => row.Id, OrganisationDiscountBody.Of))
            : request.Failures.ToProblem();
    }

    private static async Task<IResult> GiveAsync(Guid id, GiveDiscountInput body, HttpContext http, GiveDiscount give, CancellationToken cancellationToken)
    {
        BillingMonth? first = null;
        if (body.FirstMonth is { } text && (first = TaxReportFiles.MonthOf(text)) is null)
            return NoMonth("firstMonth");
        var request = new GiveDiscountRequest { OrganisationId = id, DiscountId = body.DiscountId ?? Guid.Empty, Code = body.Code, Year = first?.Year, Month = first?.Month, Reason = body.Reason };
        return (await give.RunAsync(http.Call(), request, cancellationToken)).ToCreated(_ => $"{AdminApi.Root}/organisations/{id}/discounts", OrganisationDiscountBody.Of);
    }

    private static async Task<IResult> EndAsync(Guid id, EndDiscountInput body, HttpContext http, EndOrganisationDiscount end, CancellationToken cancellationToken) =>
        TaxReportFiles.MonthOf(body.Month) is { } month ? (await end.RunAsync(http.Call(), id, month, cancellationToken)).ToOk(OrganisationDiscountBody.Of) : NoMonth("month");

    private static IResult NoMonth(string field) => new[] { Failure.Invalid(field, "Enter a year and month, such as 2026-12.") }.ToProblem();
}
