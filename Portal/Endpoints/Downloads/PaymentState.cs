using Portal.Access;
using Portal.Core.Payments;

namespace Portal.Endpoints.Downloads;

/// <summary>How a payment stands, for the page that pays without a circuit and waits for the money.</summary>
internal static class PaymentState
{
    public static async Task<IResult> GetAsync(Guid organisationId, Guid id, HttpContext http, ICallContexts calls, GetCheckoutState get, CancellationToken cancellationToken)
    {
        var state = await get.RunAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), id, cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return state.Succeeded ? TypedResults.Ok(new { hasArrived = state.Value.HasArrived }) : state.Failures.ToStatus();
    }
}
