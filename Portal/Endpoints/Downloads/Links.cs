using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Invoicing;

namespace Portal.Endpoints.Downloads;

/// <summary>Addresses that name no organisation, as mails and the checkout have them: they lead to the page where the reader belongs.</summary>
internal static class Links
{
    /// <summary>The customer's page of an invoice, staff's to staff; nothing to who has no part in it.</summary>
    public static async Task<IResult> InvoiceAsync(Guid id, string? payment, HttpContext http, PersonAccessReader reader, LocateInvoice locate, CancellationToken cancellationToken)
    {
        var access = await PersonAsync(http, reader, cancellationToken);
        if (access is not { IsActive: true } || await locate.RunAsync(id, cancellationToken) is not { } organisation)
            return TypedResults.NotFound();
        if (access.In(organisation) is not null)
        {
            // The page without a circuit: it waits for the money however the browser came back.
            return TypedResults.LocalRedirect(payment == "processing" ? $"~/o/{organisation}/invoices/{id}/pay?payment=processing" : $"~/o/{organisation}/invoices/{id}");
        }

        return access.IsStaff ? TypedResults.LocalRedirect($"~/admin/billing/invoices/{id}") : TypedResults.NotFound();
    }

    /// <summary>The payments of the reader's organisation; who has several chooses first.</summary>
    public static async Task<IResult> PaymentsAsync(string? payment, HttpContext http, PersonAccessReader reader, CancellationToken cancellationToken) =>
        await PersonAsync(http, reader, cancellationToken) is { Memberships: [var only] }
            ? TypedResults.LocalRedirect($"~/o/{only.OrganisationId}/payments{(payment == "unconfirmed" ? "?payment=unconfirmed" : "")}")
            : TypedResults.LocalRedirect("~/");

    private static async Task<PersonAccess?> PersonAsync(HttpContext http, PersonAccessReader reader, CancellationToken cancellationToken) =>
        http.User.PersonId() is { } person ? await reader.GetAsync(person, cancellationToken) : null;
}
