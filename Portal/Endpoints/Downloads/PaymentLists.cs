using Portal.Access;
using Portal.Components.Listing;
using Portal.Core.Access;
using Portal.Core.Payments;

namespace Portal.Endpoints.Downloads;

/// <summary>The lists of payments as the pages filter them, as CSV.</summary>
internal static class PaymentLists
{
    private static readonly object?[] s_head =
        ["Received at (UTC)", "Organisation", "Method", "Status", "Currency", "Amount", "Tax deducted", "Allocated to invoices", "Reference", "Provider payment", "Failure", "Id"];

    /// <summary>The filter that an address asks for; shared with the pages.</summary>
    public static PaymentFilter FilterOf(Func<string, string?> value) => new(
        Guid.TryParse(value("organisation"), out var organisation) ? organisation : null,
        null,
        Choices.Parse<PaymentStatus>(value("status")),
        Choices.Parse<PaymentMethod>(value("method")),
        Choices.ParseMonth(value("collected")),
        value("currency"));

    public static async Task<IResult> ForStaffAsync(HttpContext http, ICallContexts calls, ListPayments list, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForStaffAsync(cancellationToken), http, list, cancellationToken);

    public static async Task<IResult> ForCustomerAsync(Guid organisationId, HttpContext http, ICallContexts calls, ListPayments list, CancellationToken cancellationToken) =>
        await SendAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), http, list, cancellationToken);

    private static Task<IResult> SendAsync(CallContext call, HttpContext http, ListPayments list, CancellationToken cancellationToken) => CsvList.SendAsync(
        "payments.csv",
        s_head,
        request => list.RunAsync(call, FilterOf(name => http.Request.Query[name]), request, cancellationToken),
        row => row.Id,
        row => [row.ReceivedAt, row.OrganisationName, row.Method, row.Status, row.Currency, row.Amount, row.TdsAmount, row.Allocated, row.Reference, row.ProviderPaymentId, row.FailureReason, row.Id.ToString()],
        http);
}
