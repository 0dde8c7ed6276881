using System.Globalization;
using Portal.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Tax;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

internal sealed record InvoiceLineBody(
    string Description, string Kind, string MetricName, string Unit, string Quantity, long EventCount, string? UnitPrice, string Amount, Guid? ProjectId, string UsagePeriod, string? HsnSac,
    string Charge, string? TaxRate, string TaxAmount, bool TaxInclusive, string? OriginalAmount, string? OriginalCurrency, string? ExchangeRate, DateOnly? ExchangeRateDate);

internal sealed record InvoiceTaxBody(string Name, string Rate, string Base, string Amount);

/// <summary>An invoice; in lists without lines and taxes.</summary>
internal sealed record InvoiceBody(
    Guid Id, string? Number, string Status, Guid OrganisationId, string Period, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, string Currency,
    IReadOnlyList<InvoiceLineBody>? Lines, string Subtotal, string Discount, IReadOnlyList<InvoiceTaxBody>? Taxes, string Tax, string Total, string AmountPaid, string AmountDue,
    string? HoldReason, DateTimeOffset? IssuedAt, DateTimeOffset? DueAt, TaxTreatmentBody? TaxTreatment = null)
{
    public static InvoiceBody Of(InvoiceSummary invoice) => new(
        invoice.Id, invoice.Number, ApiText.Word(invoice.Status), invoice.OrganisationId, invoice.Month.ToString(), invoice.PeriodStart, invoice.PeriodEnd, invoice.Currency, null,
        ApiText.Amount(invoice.Subtotal, invoice.Currency), ApiText.Amount(invoice.Subtotal + invoice.Tax - invoice.Total, invoice.Currency), null, ApiText.Amount(invoice.Tax, invoice.Currency),
        ApiText.Amount(invoice.Total, invoice.Currency), ApiText.Amount(invoice.AmountPaid, invoice.Currency), ApiText.Amount(invoice.AmountDue, invoice.Currency),
        invoice.HoldReason, invoice.IssuedAt, invoice.DueAt);

    public static InvoiceBody Of(InvoiceDetails details)
    {
        var invoice = details.Invoice;
        string Amount(decimal amount) => ApiText.Amount(amount, invoice.Currency);
        return new InvoiceBody(
            invoice.Id, invoice.Number, ApiText.Word(invoice.Status), invoice.OrganisationId, invoice.BillingMonth.ToString(), invoice.PeriodStart, invoice.PeriodEnd, invoice.Currency,
            [.. details.Lines.Select(line => new InvoiceLineBody(
                line.Description, ApiText.Word(line.Kind), line.MetricName, line.Unit, ApiText.Number(line.Quantity), line.EventCount, ApiText.Number(line.UnitPrice), Amount(line.Amount),
                line.ProjectId, new BillingMonth(line.UsageYear, line.UsageMonth).ToString(), line.HsnSac,
                Amount(line.Tax.Charge), ApiText.Number(line.Tax.Rate), Amount(line.Tax.Amount), line.Tax.IsInclusive,
                line.Tax.Conversion is { } converted ? ApiText.Amount(converted.Original, converted.Currency) : null, line.Tax.Conversion?.Currency, ApiText.Number(line.Tax.Conversion?.Rate), line.Tax.Conversion?.Day))],
            Amount(invoice.Subtotal), Amount(invoice.Discount),
            [.. details.Taxes.Select(tax => new InvoiceTaxBody(tax.Name, ApiText.Number(tax.Rate), Amount(tax.Base), Amount(tax.Amount)))],
            Amount(invoice.Tax), Amount(invoice.Total), Amount(invoice.AmountPaid), Amount(invoice.AmountDue), invoice.HoldReason, invoice.IssuedAt, invoice.DueAt,
            TaxTreatmentBody.Of(invoice));
    }
}

/// <summary>How an invoice is taxed, and why.</summary>
internal sealed record TaxTreatmentBody(string Kind, DateOnly Day, string? PlaceOfSupply, string? PlaceOfSupplySource, bool ReverseCharge, string? Note)
{
    public static TaxTreatmentBody? Of(Invoice invoice) => invoice.TaxTreatment is { } kept && InvoiceJson.Read<TaxTreatment>(kept) is var treatment
        ? new TaxTreatmentBody(
            ApiText.Word(treatment.Kind), treatment.Day, treatment.PlaceOfSupply, treatment.PlaceSource is { } source ? ApiText.Word(source) : null, treatment.Kind == SupplyKind.ReverseCharge, treatment.Note)
        : null;
}

internal sealed record VoidInput(string? Reason);

internal static class InvoiceEndpoints
{
    public static void MapInvoices(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/invoices").WithTags("Invoices");
        group.MapGet("/", ListAsync).Produces<ListBody<InvoiceBody>>().WithSummary("List invoices, newest first");
        group.MapGet("/{id:guid}", GetAsync).Produces<InvoiceBody>().WithSummary("Read an invoice");
        group.MapGet("/{id:guid}/pdf", PdfAsync).Produces(StatusCodes.Status200OK, contentType: "application/pdf").WithSummary("Download an issued invoice; the bytes never change");
        group.MapPost("/{id:guid}/issue", IssueAsync).Produces<InvoiceBody>().WithSummary("Number and issue a draft");
        group.MapPost("/{id:guid}/void", VoidAsync).Produces<InvoiceBody>().WithSummary("Void an issued invoice without payments");
        group.MapGet("/{id:guid}/derivation", DeriveAsync).Produces<DerivedInvoice>().WithSummary("Recalculate the amounts from stored data and compare");
    }

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, Guid? organisationId, string? period, string? status, HttpContext http, ListInvoices list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        if (!TryPeriod(period, out var month))
            return new[] { Failure.Invalid("period", "Enter a year and month, such as 2026-10.") }.ToProblem();
        if (!TryStatus(status, out var wanted))
            return new[] { Failure.Invalid("status", "Choose draft, issued, partially_paid, paid, overdue, void or refunded.") }.ToProblem();
        var page = await list.RunAsync(http.Call(), new InvoiceFilter { OrganisationId = organisationId, Month = month, Status = wanted }, request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<InvoiceBody>.Of(rows, row => row.Id, InvoiceBody.Of));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, GetInvoice get, CancellationToken cancellationToken) =>
        (await get.RunAsync(http.Call(), id, cancellationToken)).ToOk(InvoiceBody.Of);

    private static async Task<IResult> PdfAsync(Guid id, HttpContext http, EnsureInvoiceFile files, GetInvoice get, CancellationToken cancellationToken)
    {
        var file = await files.EnsureAsync(http.Call(), id, cancellationToken);
        if (!file.Succeeded)
            return file.Failures.ToProblem();
        var invoice = await get.RunAsync(http.Call(), id, cancellationToken);
        return TypedResults.File(file.Value, "application/pdf", $"{invoice.Value.Invoice.Number!.Replace('/', '-')}.pdf");
    }

    private static async Task<IResult> IssueAsync(Guid id, HttpContext http, IssueInvoice issue, GetInvoice get, CancellationToken cancellationToken)
    {
        var issued = await issue.RunAsync(http.Call(), id, cancellationToken);
        return issued.Succeeded ? await GetAsync(id, http, get, cancellationToken) : issued.Failures.ToProblem();
    }

    private static async Task<IResult> VoidAsync(Guid id, VoidInput body, HttpContext http, VoidInvoice call, GetInvoice get, CancellationToken cancellationToken)
    {
        var voided = await call.RunAsync(http.Call(), new VoidInvoiceRequest(id, body.Reason), cancellationToken);
        return voided.Succeeded ? await GetAsync(id, http, get, cancellationToken) : voided.Failures.ToProblem();
    }

    private static async Task<IResult> DeriveAsync(Guid id, HttpContext http, DeriveInvoiceAgain derive, CancellationToken cancellationToken) =>
        (await derive.RunAsync(http.Call(), id, cancellationToken)).ToOk(derived => derived);

    private static bool TryPeriod(string? text, out BillingMonth? month)
    {
        month = null;
        if (text is null)
            return true;
        if (!DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first))
            return false;
        month = new BillingMonth(first.Year, first.Month);
        return true;
    }

    private static bool TryStatus(string? text, out InvoiceStatus? status)
    {
        status = null;
        if (text is null)
            return true;
        foreach (var value in Enum.GetValues<InvoiceStatus>())
        {
            if (ApiText.Word(value) == text)
            {
                status = value;
                return true;
            }
        }

        return false;
    }
}
