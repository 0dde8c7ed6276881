using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Portal.Access;

/// <summary>
/// Counts the open connections of circuits by person (by address before anybody is signed in): the framework has no limit of its own, and each
/// holds memory here.
/// </summary>
internal sealed class ConnectionLimit(IOptions<AccessOptions> options)
{
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        // A connection's request lasts as long as the connection.
        if (!IsConnection(context))
        {
            await next(context);
            return;
        }

        var who = context.User.PersonId()?.ToString() ?? context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (_open.AddOrUpdate(who, 1, (_, open) => open + 1) > options.Value.ConnectionsPerPerson)
        {
            Leave(who);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = 60.ToString(CultureInfo.InvariantCulture);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            Leave(who);
        }
    }

    // All transports hold a request of this address open: WebSockets, events, polls.
    private static bool IsConnection(HttpContext context) =>
        context.Request.Path.Equals("/_blazor", StringComparison.OrdinalIgnoreCase) && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsConnect(context.Request.Method));

    private void Leave(string who)
    {
        if (_open.AddOrUpdate(who, 0, (_, open) => open - 1) <= 0)
            _open.TryRemove(new KeyValuePair<string, int>(who, 0));
    }
}
