using System.Security.Claims;

namespace Portal.Access;

/// <summary>Where the calls of a request, or of a circuit, come from. A circuit has no request of its own: its root component hands over what the first one said.</summary>
public sealed class CallOrigin
{
    private HttpContext? _request;

    public string? IpAddress { get; private set; }

    public string? UserAgent { get; private set; }

    /// <summary>The principal of the request as it is now; null in a circuit.</summary>
    public ClaimsPrincipal? RequestUser => _request?.User;

    /// <summary>True in a request that asks for something and changes nothing; false in a circuit, which does both.</summary>
    public bool OnlyReads => _request is { Request.Method: var method } && (HttpMethods.IsGet(method) || HttpMethods.IsHead(method));

    /// <summary>For a request.</summary>
    public void Take(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _request = context;
        Take(context.Connection.RemoteIpAddress?.ToString(), context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null);
    }

    /// <summary>For a circuit.</summary>
    public void Take(string? ipAddress, string? userAgent) => (IpAddress, UserAgent) = (ipAddress, userAgent);
}
