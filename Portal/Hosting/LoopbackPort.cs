using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Portal.Hosting;

/// <summary>TCP ports of the loopback interface.</summary>
public static class LoopbackPort
{
    /// <summary>
    /// A port that nothing listens on at this moment. It lies below those that operating systems give to outgoing
    /// connections, so that a server that is started again finds it free again.
    /// </summary>
    public static int FindFree()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            if (IsFree(IPAddress.Loopback, port))
            {
                return port;
            }
        }

        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>Whether the port can be listened on at this address.</summary>
    /// <exception cref="SocketException">It can't, for another reason than being in use.</exception>
    public static bool IsFree(IPAddress address, int port)
    {
        using var socket = new TcpListener(address, port);
        try
        {
            socket.Start();
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
