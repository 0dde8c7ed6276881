using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Access;
using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Payments;

namespace Portal.Components.Pay;

/// <summary>How far a payment on this page is.</summary>
internal enum PayState
{
    Idle,

    /// <summary>The order is being made.</summary>
    Opening,

    /// <summary>The checkout is over the page.</summary>
    Open,

    /// <summary>The checkout said yes; the money is not known to be ours yet.</summary>
    Processing,

    Failed,
}

public sealed partial class PayPanel(ICallContexts calls, StartPayment start, ConfirmCheckout confirm, GetCheckoutState getState, PaymentsAvailability availability, IJSRuntime js)
{
    private readonly OnlinePayments _online = availability.Run();
    private DotNetObjectReference<PayPanel>? _self;
    private IJSObjectReference? _module;
    private PayState _state;
    private string? _message;
    private string? _part;
    private string? _partError;
    private bool _isPart;
    private decimal _paidBefore;

    [Parameter, EditorRequired] public Guid OrganisationId { get; set; }

    [Parameter, EditorRequired] public required Invoice Invoice { get; set; }

    /// <summary>Shown on top of the checkout.</summary>
    [Parameter, EditorRequired] public required string SellerName { get; set; }

    /// <summary>True on the way back from the checkout.</summary>
    [Parameter] public bool Confirming { get; set; }

    /// <summary>Reads the invoice again.</summary>
    [Parameter] public EventCallback Reload { get; set; }

    private string PayPage => $"/o/{OrganisationId}/invoices/{Invoice.Id}/pay";

    private string PayText => _isPart ? "Pay this amount" : $"Pay {MoneyFormat.Amount(Invoice.AmountDue, Currency.Of(Invoice.Currency), Invoice.Locale)}";

    /// <summary>The checkout succeeded, says the browser; the server checks.</summary>
    [JSInvokable]
    public Task CheckoutSucceeded(string paymentId, string orderId, string signature) => InvokeAsync(async () =>
    {
        if (_state != PayState.Open)
            return;
        (_state, _message) = (PayState.Processing, null);
        StateHasChanged();
        var confirmed = await confirm.RunAsync(await calls.ForOrganisationAsync(OrganisationId), new ConfirmCheckoutRequest(orderId, paymentId, signature), CancellationToken.None);
        if (!confirmed.Succeeded)
            (_state, _message) = (PayState.Failed, confirmed.Failure.Message);
        // The money may have been booked before the browser's word of it came here.
        else if (Invoice.AmountPaid > _paidBefore)
            Arrived();
        StateHasChanged();
        await Reload.InvokeAsync();
    });

    /// <summary>An attempt failed; the window is open for another.</summary>
    [JSInvokable]
    public Task CheckoutFailed(string? description) => InvokeAsync(() =>
    {
        if (_state is not (PayState.Open or PayState.Failed))
            return;
        // What the provider says is shown as text, and never at any length.
        _message = string.IsNullOrWhiteSpace(description) ? "The payment failed. You were not charged." : description.Length > 200 ? description[..200] : description;
        StateHasChanged();
    });

    /// <summary>The window was closed without a payment.</summary>
    [JSInvokable]
    public Task CheckoutDismissed() => InvokeAsync(() =>
    {
        if (_state != PayState.Open)
            return;
        _state = _message is null ? PayState.Idle : PayState.Failed;
        _message ??= "The payment window was closed. Nothing was paid.";
        StateHasChanged();
    });

    public async ValueTask DisposeAsync()
    {
        _self?.Dispose();
        try
        {
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the module with it.
        }
    }

    protected override async Task OnInitializedAsync()
    {
        if (!Confirming || !Invoice.IsOpen)
            return;
        (_state, _paidBefore) = (PayState.Processing, Invoice.AmountPaid);
        if (await getState.RunAsync(await calls.ForOrganisationAsync(OrganisationId), Invoice.Id, CancellationToken.None) is { Succeeded: true, Value.HasArrived: true })
            Arrived();
    }

    protected override void OnParametersSet()
    {
        if (_state == PayState.Processing && Invoice.AmountPaid > _paidBefore)
            Arrived();
    }

    // Part of it has arrived, and the rest can be paid.
    private void Arrived() => (_state, _message, _isPart, _part) = (PayState.Idle, "Your payment has arrived.", false, null);

    private void TogglePart() => (_isPart, _part, _partError) = (!_isPart, null, null);

    private async Task PayAsync()
    {
        if (_state is PayState.Opening or PayState.Open or PayState.Processing)
            return;
        _partError = null;
        decimal? amount = null;
        if (_isPart)
        {
            if (!decimal.TryParse(_part, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var part))
            {
                _partError = "Enter an amount, with a point before decimals.";
                return;
            }

            amount = part;
        }

        (_state, _message, _paidBefore) = (PayState.Opening, null, Invoice.AmountPaid);
        var started = await start.RunAsync(await calls.ForOrganisationAsync(OrganisationId), new StartPaymentRequest(Invoice.Id, amount), CancellationToken.None);
        if (!started.Succeeded)
        {
            if (started.Failure.Field == "amount" && _isPart)
                (_state, _partError) = (PayState.Idle, started.Failure.Message);
            else
                (_state, _message) = (PayState.Failed, started.Failure.Message);
            return;
        }

        await OpenAsync(started.Value);
    }

    private async Task OpenAsync(CheckoutSession session)
    {
        try
        {
            _module ??= await js.InvokeAsync<IJSObjectReference>("import", "./js/pay.js");
            _self ??= DotNetObjectReference.Create(this);
            _state = PayState.Open;
            await _module.InvokeVoidAsync("openCheckout", CheckoutOptions.Of(session, SellerName), _self);
        }
        catch (JSException)
        {
            (_state, _message) = (PayState.Failed, "The payment window could not be loaded. Check your connection and try again. You were not charged.");
        }
    }
}
