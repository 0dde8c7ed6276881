using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portal.Hosting;

/// <summary>The addresses that the web server is going to listen on.</summary>
public static class HttpAddresses
{
    /// <summary>Where the product answers when nothing is configured.</summary>
    public const string Default = "http://localhost:5080";

    /// <summary>Listens on the default address when none is configured, and makes sure that the addresses are free.</summary>
    /// <exception cref="StartupException">An address is in use, not allowed or not readable.</exception>
    public static void UseFree(WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var addresses = Configured(builder.Configuration);
        if (addresses is [Default])
        {
            builder.WebHost.UseUrls(Default);
        }

        EnsureFree(builder.Configuration);
    }

    /// <summary>
    /// Looks whether the configured addresses are free before anything is started for nothing; the web server's own
    /// failure would come late and with a stack trace.
    /// </summary>
    /// <exception cref="StartupException">An address is in use, not allowed or not readable.</exception>
    public static void EnsureFree(IConfiguration configuration)
    {
        foreach (var address in Configured(configuration))
        {
            Ensure(address);
        }
    }

    /// <summary>The addresses as configured (<c>Kestrel:Endpoints</c>, <c>urls</c>, <c>http_ports</c>), else the default.</summary>
    public static IReadOnlyList<string> Configured(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Select(endpoint => endpoint["Url"]).OfType<string>().ToList();
        if (endpoints.Count > 0)
        {
            return endpoints;
        }

        var urls = Split(configuration[WebHostDefaults.ServerUrlsKey]);
        if (urls.Count > 0)
        {
            return urls;
        }

        var ports = Split(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}")
            .Concat(Split(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}")).ToList();
        return ports.Count > 0 ? ports : [Default];
    }

    private static void Ensure(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException exception)
        {
            throw new StartupException($"'{url}' is not an address to listen on; write it as {Default}.", exception);
        }

        if (address.IsUnixPipe || address.IsNamedPipe || address.Port == 0)
        {
            return;
        }

        foreach (var ip in Addresses(address.Host))
        {
            try
            {
                if (LoopbackPort.IsFree(ip, address.Port))
                {
                    continue;
                }
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied)
            {
                throw new StartupException($"port {Number(address)} may not be opened by this user. Set ASPNETCORE_URLS to a port above 1023.", exception);
            }
            catch (SocketException)
            {
                // No such address family or address here: the web server decides what that means.
                continue;
            }

            throw new StartupException(
                $"port {Number(address)} is in use by another program. Stop that one, or set ASPNETCORE_URLS to another address.");
        }
    }

    private static IPAddress[] Addresses(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var ip) ? [ip]
        : string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : [IPAddress.Any, IPAddress.IPv6Any];

    private static string Number(BindingAddress address) => address.Port.ToString(CultureInfo.InvariantCulture);

    private static List<string> Split(string? list) =>
        [.. (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
