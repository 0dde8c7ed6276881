using Portal.Core.Access;

namespace Portal.Access;

/// <summary>The call that an HTTP request makes into the domain.</summary>
public static class HttpCalls
{
    /// <summary>Who calls, how far it reaches, and from where; set when the request was authenticated.</summary>
    public static CallContext Call(this HttpContext http) =>
        http.Features.Get<CallContext>() ?? throw new InvalidOperationException("The request has not been authenticated for this endpoint.");
}
