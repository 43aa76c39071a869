using System.Net.Sockets;
using CsCheck;
using Ottla.Transport.Sockets;

namespace Ottla.Transport.Tests.Sockets;

public sealed class TransportConnectionTests
{
    [Fact]
    public async Task Segments_arrive_in_order_however_many_and_however_large()
    {
        await using ConnectedPair pair = await ConnectedPair.ConnectAsync();
        await Gen.Byte.Array[0, 3_000].Array[0, 1_500].SampleAsync(
            async parts =>
            {
                byte[] expected = [.. parts.SelectMany(static part => part)];
                List<ArraySegment<byte>> segments = [.. parts.Where(static part => part.Length > 0).Select(static part => new ArraySegment<byte>(part))];
                Task sending = pair.Client.SendAsync(segments).AsTask();

                Assert.Equal(expected, await ReceiveAsync(pair.Server, expected.Length));
                await sending;
                Assert.Empty(segments);
            },
            iter: 20,
            threads: 1);
    }

    [Fact]
    public async Task An_abort_ends_a_receive_that_waits()
    {
        await using ConnectedPair pair = await ConnectedPair.ConnectAsync();
        Task<int> receiving = pair.Server.ReceiveAsync(new byte[1], CancellationToken.None).AsTask();

        pair.Server.Abort();
        pair.Server.Abort();

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => receiving);
        Assert.True(failure is SocketException or ObjectDisposedException or OperationCanceledException, failure.ToString());
    }

    [Fact]
    public async Task Shutting_down_receiving_ends_it_and_lets_sending_go_on()
    {
        await using ConnectedPair pair = await ConnectedPair.ConnectAsync();
        Task<int> receiving = pair.Server.ReceiveAsync(new byte[1], CancellationToken.None).AsTask();

        pair.Server.ShutdownReceive();

        Assert.Equal(0, await receiving);
        await pair.Server.SendAsync(new byte[] { 42 }, CancellationToken.None);
        Assert.Equal([42], await ReceiveAsync(pair.Client, 1));
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_is_refused()
    {
        int port;
        using (TransportListener listener = await TransportListener.BindAsync("127.0.0.1", 0, TransportOptions.Default, TestContext.Current.CancellationToken))
        {
            port = listener.LocalEndPoint.Port;
        }

        await Assert.ThrowsAsync<SocketException>(async () =>
            await TransportConnector.ConnectAsync("127.0.0.1", port, TransportOptions.Default, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("localhost", "127.0.0.1")]
    public async Task A_listener_binds_to_what_it_is_told_and_to_nothing_else(string host, string expected)
    {
        using TransportListener listener = await TransportListener.BindAsync(host, 0, TransportOptions.Default, TestContext.Current.CancellationToken);

        Assert.Equal(expected, listener.LocalEndPoint.Address.ToString());
    }

    [Fact]
    public async Task A_port_is_bound_once_at_a_time()
    {
        using TransportListener first = await TransportListener.BindAsync("127.0.0.1", 0, TransportOptions.Default, TestContext.Current.CancellationToken);

        SocketException failure = await Assert.ThrowsAsync<SocketException>(async () =>
            await TransportListener.BindAsync("127.0.0.1", first.LocalEndPoint.Port, TransportOptions.Default, TestContext.Current.CancellationToken));

        Assert.Equal(SocketError.AddressAlreadyInUse, failure.SocketErrorCode);
    }

    [Fact]
    public async Task A_port_is_bound_again_at_once_although_connections_of_the_last_listener_linger()
    {
        int port;
        await using (ConnectedPair pair = await ConnectedPair.ConnectAsync())
        {
            port = pair.ServerPort;
            pair.Server.Abort(); // the side that closes first keeps the port in TIME_WAIT
            Assert.Equal(0, await pair.Client.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
        }

        using TransportListener again = await TransportListener.BindAsync("127.0.0.1", port, TransportOptions.Default, TestContext.Current.CancellationToken);

        Assert.Equal(port, again.LocalEndPoint.Port);
    }

    private static async Task<byte[]> ReceiveAsync(TransportConnection connection, int count)
    {
        byte[] bytes = new byte[count];
        for (int filled = 0; filled < count;)
        {
            int received = await connection.ReceiveAsync(bytes.AsMemory(filled), TestContext.Current.CancellationToken);
            Assert.NotEqual(0, received);
            filled += received;
        }

        return bytes;
    }
}
