using Ottla.Transport.Sockets;

namespace Ottla.Transport.Tests.Sockets;

/// <summary>Both ends of one TCP connection over the loopback interface.</summary>
internal sealed class ConnectedPair : IAsyncDisposable
{
    private ConnectedPair(TransportConnection client, TransportConnection server, int serverPort)
    {
        Client = client;
        Server = server;
        ServerPort = serverPort;
    }

    /// <summary>The port of the listener that accepted, which listens no more.</summary>
    public int ServerPort { get; }

    public TransportConnection Client { get; }

    public TransportConnection Server { get; }

    public static async Task<ConnectedPair> ConnectAsync(TransportOptions? options = null)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        options ??= TransportOptions.Default;
        using TransportListener listener = await TransportListener.BindAsync("127.0.0.1", 0, options, cancellationToken);
        Task<TransportConnection?> accepting = listener.AcceptAsync(cancellationToken).AsTask();
        TransportConnection client = await TransportConnector.ConnectAsync("127.0.0.1", listener.LocalEndPoint.Port, options, cancellationToken);
        return new ConnectedPair(client, await accepting ?? throw new InvalidOperationException("The client is gone."), listener.LocalEndPoint.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
