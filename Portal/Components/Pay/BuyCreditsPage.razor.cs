using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Components.Layout;
using Portal.Core.Kernel;
using Portal.Core.Payments;

namespace Portal.Components.Pay;

public sealed partial class BuyCreditsPage(ICallContexts calls, QuotePrepaidPurchase getQuote, StartPrepaidPurchase start, PaymentsAvailability availability, IHttpContextAccessor requests)
{
    private readonly OnlinePayments _online = availability.Run();
    private PrepaidQuote? _quote;
    private PrepaidCheckout? _checkout;
    private Failure? _failure;
    private string? _options;

    [Parameter] public Guid OrganisationId { get; set; }

    [Parameter] public Guid ProductId { get; set; }

    [CascadingParameter] private Viewer Viewer { get; set; } = Viewer.Default;

    private string CreditsHref => $"/o/{OrganisationId}/credits";

    protected override async Task OnInitializedAsync()
    {
        var quoted = await getQuote.RunAsync(await calls.ForOrganisationAsync(OrganisationId), ProductId, CancellationToken.None);
        if (quoted.Succeeded)
        {
            _quote = quoted.Value;
            return;
        }

        _failure = quoted.Failure;
        if (quoted.Failure.Kind == FailureKind.NotFound)
            requests.HttpContext!.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private async Task StartAsync()
    {
        var call = await calls.ForOrganisationAsync(OrganisationId);
        var started = await start.RunAsync(call, ProductId, CancellationToken.None);
        if (started.Succeeded)
            (_checkout, _options) = (started.Value, JsonSerializer.Serialize(CheckoutOptions.Of(started.Value, started.Value.SellerName)));
        else
            _failure = started.Failure;
    }
}
