using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Payments;

namespace Portal.Components.Pay;

public sealed partial class PayPage(ICallContexts calls, GetInvoice get, GetCheckoutState getState, StartPayment start, PaymentsAvailability availability, IHttpContextAccessor requests)
{
    private readonly OnlinePayments _online = availability.Run();
    private Invoice? _invoice;
    private string _sellerName = "";
    private CheckoutState? _state;
    private CheckoutSession? _session;
    private Failure? _failure;
    private string? _options;

    [Parameter] public Guid OrganisationId { get; set; }

    [Parameter] public Guid InvoiceId { get; set; }

    /// <summary><c>processing</c> on the way back from the checkout.</summary>
    [SupplyParameterFromQuery(Name = "payment")] public string? Payment { get; set; }

    [SupplyParameterFromForm(FormName = "pay")] public string? Amount { get; set; }

    private string InvoiceHref => $"/o/{OrganisationId}/invoices/{InvoiceId}";

    private string PayHref => $"{InvoiceHref}/pay";

    protected override async Task OnInitializedAsync()
    {
        var call = await calls.ForOrganisationAsync(OrganisationId);
        // Before the invoice: what arrives in between is then on the invoice.
        if (Payment == "processing" && await getState.RunAsync(call, InvoiceId, CancellationToken.None) is { Succeeded: true, Value: var state })
            _state = state;
        var found = await get.RunAsync(call, InvoiceId, CancellationToken.None);
        if (found.Succeeded)
            (_invoice, _sellerName) = (found.Value.Invoice, found.Value.Seller?.LegalName ?? "");
        else
            requests.HttpContext!.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private async Task StartAsync()
    {
        if (!decimal.TryParse(Amount, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var amount))
        {
            _failure = Failure.Invalid("amount", "Enter an amount, with a point before decimals.");
            return;
        }

        // All that is due is asked for by saying nothing, so that a change of it meanwhile is no mistake of the payer.
        var started = await start.RunAsync(await calls.ForOrganisationAsync(OrganisationId), new StartPaymentRequest(InvoiceId, amount == _invoice?.AmountDue ? null : amount), CancellationToken.None);
        if (started.Succeeded)
            (_session, _options) = (started.Value, JsonSerializer.Serialize(CheckoutOptions.Of(started.Value, _sellerName)));
        else
            _failure = started.Failure;
    }
}
