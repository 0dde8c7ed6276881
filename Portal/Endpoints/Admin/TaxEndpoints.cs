using Portal.Access;
using Portal.Core.Kernel;
using Portal.Core.Settings;
using Portal.Core.Tax;
using Portal.Endpoints.Downloads;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>A tax rate.</summary>
internal sealed record TaxRateBody(Guid Id, string Country, string? Region, string? HsnSac, string Label, string Rate, bool IsInclusive, DateOnly EffectiveFrom, DateOnly? EffectiveTo, DateTimeOffset CreatedAt)
{
    public static TaxRateBody Of(TaxRate rate) => new(rate.Id, rate.Country, rate.Region, rate.HsnSac, rate.Label, ApiText.Number(rate.Rate), rate.IsInclusive, rate.EffectiveFrom, rate.EffectiveTo, rate.CreatedAt);
}

/// <summary>The first day no longer in force.</summary>
internal sealed record EndRateInput(DateOnly? EffectiveTo);

/// <summary>A version of an organisation's tax profile.</summary>
internal sealed record OrganisationTaxBody(
    Guid Id, DateOnly EffectiveFrom, DateOnly? EffectiveTo, string Country, string? StateCode, string? TaxId, string? Address, bool IsSez, bool IsReverseCharge, string? ExemptionReason, string? OwnRate, string? OwnLabel)
{
    public static OrganisationTaxBody Of(OrganisationTaxProfile version) => new(
        version.Id, version.EffectiveFrom, version.EffectiveTo, version.Country, version.StateCode, version.TaxId, version.Address, version.IsSez, version.IsReverseCharge, version.ExemptionReason,
        ApiText.Number(version.OwnRate), version.OwnLabel);
}

/// <summary>What holds today, and every version, newest first.</summary>
internal sealed record OrganisationTaxViewBody(DateOnly Today, string Treatment, string? PlaceOfSupply, string? Rate, string? RateLabel, IReadOnlyList<OrganisationTaxBody> Versions);

/// <summary>The seller's profile from a day on; null: today.</summary>
internal sealed record SellerTaxInput(DateOnly? EffectiveFrom, SellerProfile? Profile);

/// <summary>A version of the seller's profile.</summary>
internal sealed record SellerTaxVersionBody(Guid Id, DateOnly EffectiveFrom, DateOnly? EffectiveTo, SellerProfile Profile);

/// <summary>The seller today, and every version, newest first.</summary>
internal sealed record SellerTaxBody(DateOnly Today, SellerProfile Current, IReadOnlyList<SellerTaxVersionBody> Versions)
{
    public static SellerTaxBody Of(SellerTaxView view) => new(view.Today, view.Current, [.. view.Versions.Select(version => new SellerTaxVersionBody(version.Id, version.EffectiveFrom, version.EffectiveTo, version.Profile))]);
}

/// <summary>A row of the HSN summary.</summary>
internal sealed record HsnRowBody(string HsnSac, string Unit, string Currency, string Rate, string Quantity, string Total, string Taxable, string Integrated, string Central, string State, string Other, string FiledIn, string? Filed);

/// <summary>A month's report.</summary>
internal sealed record ReportBody<T>(string Month, IReadOnlyList<T> Items);

internal static class TaxEndpoints
{
    public static void MapTax(this RouteGroupBuilder admin)
    {
        var rates = admin.MapGroup("/tax-rates").WithTags("Tax");
        rates.MapGet("/", ListAsync).Produces<ListBody<TaxRateBody>>().WithSummary("List tax rates, newest first");
        rates.MapPost("/", CreateAsync).Produces<TaxRateBody>(StatusCodes.Status201Created).WithSummary("Create a tax rate; it can't overlap another of its scope");
        rates.MapPost("/{id:guid}/end", EndAsync).Produces<TaxRateBody>().WithSummary("End a tax rate; nothing else can be changed");
        admin.MapGet("/seller-tax-profile", SellerAsync).WithTags("Tax").Produces<SellerTaxBody>().WithSummary("The seller's tax profile, with every version");
        admin.MapPost("/seller-tax-profile", SetSellerAsync).WithTags("Tax").Produces<SellerTaxBody>().WithSummary("Save the seller's profile from a day");
        admin.MapGet("/organisations/{id:guid}/tax-profile", OrganisationAsync).WithTags("Tax").Produces<OrganisationTaxViewBody>().WithSummary("An organisation's tax profile, with every version");
        admin.MapPost("/organisations/{id:guid}/tax-profile", SetOrganisationAsync).WithTags("Tax").Produces<OrganisationTaxBody>().WithSummary("Save an organisation's tax profile from a day");
        admin.MapGet("/tax-reports/hsn-summary", HsnAsync).WithTags("Tax").Produces<ReportBody<HsnRowBody>>().WithSummary("Read a month's HSN summary");
        admin.MapGet("/tax-reports/documents-issued", DocumentsAsync).WithTags("Tax").Produces<ReportBody<DocumentsIssuedRow>>().WithSummary("Read a month's documents issued, by series");
    }

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, string? country, DateOnly? inForceOn, HttpContext http, ListTaxRates list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        return (await list.RunAsync(http.Call(), new TaxRateFilter(country, inForceOn), request.Value, cancellationToken)).ToOk(rows => ListBody<TaxRateBody>.Of(rows, row => row.Id, TaxRateBody.Of));
    }

    private static async Task<IResult> CreateAsync(TaxRateInput body, HttpContext http, CreateTaxRate create, CancellationToken cancellationToken) =>
        (await create.RunAsync(http.Call(), body, cancellationToken)).ToCreated(rate => $"{AdminApi.Root}/tax-rates/{rate.Id}", TaxRateBody.Of);

    private static async Task<IResult> EndAsync(Guid id, EndRateInput body, HttpContext http, EndTaxRate end, CancellationToken cancellationToken) =>
        (await end.RunAsync(http.Call(), id, body.EffectiveTo, cancellationToken)).ToOk(TaxRateBody.Of);

    private static async Task<IResult> SellerAsync(HttpContext http, GetSellerTax get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), cancellationToken)).ToOk(SellerTaxBody.Of);

    private static async Task<IResult> SetSellerAsync(SellerTaxInput body, HttpContext http, SetSellerTax set, CancellationToken cancellationToken) =>
        (await set.RunAsync(http.Call(), body.Profile ?? new SellerProfile(), body.EffectiveFrom, cancellationToken)).ToOk(SellerTaxBody.Of);

    private static async Task<IResult> OrganisationAsync(Guid id, HttpContext http, GetOrganisationTax get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(view => new OrganisationTaxViewBody(
            view.Today, ApiText.Word(view.Treatment.Kind), view.Treatment.PlaceOfSupply, ApiText.Number(view.Rate), view.RateLabel, [.. view.Versions.Select(OrganisationTaxBody.Of)]));

    private static async Task<IResult> SetOrganisationAsync(Guid id, OrganisationTaxInput body, HttpContext http, SetOrganisationTax set, CancellationToken cancellationToken) =>
        (await set.RunAsync(http.Call(), id, body, cancellationToken)).ToOk(OrganisationTaxBody.Of);

    private static async Task<IResult> HsnAsync(string? month, HttpContext http, ReportHsnSummary report, CancellationToken cancellationToken)
    {
        if (TaxReportFiles.MonthOf(month) is not { } wanted)
            return NoMonth();
        return (await report.RunAsync(http.Call(), wanted, cancellationToken)).ToOk(rows => new ReportBody<HsnRowBody>(wanted.ToString(), [.. rows.Select(row => new HsnRowBody(
            row.HsnSac, row.Unit, row.Currency, ApiText.Number(row.Rate), ApiText.Number(row.Quantity), ApiText.Amount(row.Total, row.Currency), ApiText.Amount(row.Taxable, row.Currency),
            ApiText.Amount(row.Integrated, row.Currency), ApiText.Amount(row.Central, row.Currency), ApiText.Amount(row.State, row.Currency), ApiText.Amount(row.Other, row.Currency), row.FiledIn, row.Filed is { } filed ? ApiText.Amount(filed, row.FiledIn) : null))]));
    }

    private static async Task<IResult> DocumentsAsync(string? month, HttpContext http, ReportDocumentsIssued report, CancellationToken cancellationToken) => TaxReportFiles.MonthOf(month) is { } wanted
        ? (await report.RunAsync(http.Call(), wanted, cancellationToken)).ToOk(rows => new ReportBody<DocumentsIssuedRow>(wanted.ToString(), rows))
        : NoMonth();

    private static IResult NoMonth() => new[] { Failure.Invalid("month", "Enter a year and month, such as 2026-10.") }.ToProblem();
}
