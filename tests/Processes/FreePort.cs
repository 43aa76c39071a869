using System.Net;
using System.Net.Sockets;

namespace Ottla.Tests.Processes;

/// <summary>Ports that nothing listens on at the moment.</summary>
public static class FreePort
{
    /// <summary>
    /// A port on the loopback address whose successor is free too. It is below the range that outgoing connections are given, so that
    /// none takes it before the server that it is meant for listens.
    /// </summary>
    public static int Find()
    {
        const int First = 10_000, Count = 20_000, Attempts = 200;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            int port = First + Random.Shared.Next(Count / 2) * 2;
            if (IsFree(port) && IsFree(port + 1))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free port found in {Attempts} attempts");
    }

    private static bool IsFree(int port)
    {
        using TcpListener probe = new(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
