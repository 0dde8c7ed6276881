using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Portal.Sandbox.Razorpay;

/// <summary>
/// The address this very server listens on, asked for at run time: ASPNETCORE_URLS may move it, and port 0 is only known once it is bound.
/// </summary>
public sealed class OwnAddress(IServer server)
{
    /// <summary>An address that reaches this server from this machine, ending in a slash; null until it listens.</summary>
    public Uri? Find()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return addresses.Select(Parse).OfType<Uri>().Where(uri => uri.Port > 0).OrderBy(uri => uri.Scheme == Uri.UriSchemeHttp ? 0 : 1).FirstOrDefault();
    }

    // "http://*:80" and "http://+:80" are no addresses, and 0.0.0.0 and [::] are not to be called.
    private static Uri? Parse(string address)
    {
        var text = address.Replace("://*", "://127.0.0.1", StringComparison.Ordinal).Replace("://+", "://127.0.0.1", StringComparison.Ordinal);
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return null;
        return uri.Host switch
        {
            "0.0.0.0" => new UriBuilder(uri) { Host = "127.0.0.1" }.Uri,
            "[::]" => new UriBuilder(uri) { Host = "[::1]" }.Uri,
            _ => uri,
        };
    }
}
