using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Ottla.Protocol;
using Ottla.Testing;

namespace Ottla.Client.Tests.Support;

/// <summary>
/// The real broker behind a listener that says it is Apache Kafka 2.1.0: it answers ApiVersions as that did, and closes the connection on
/// any API or version that was not there yet.
/// </summary>
internal sealed class OldClusterProxy : IAsyncDisposable
{
    /// <summary>What Kafka 2.1.0 served to clients; all from version 0.</summary>
    private static readonly Dictionary<ApiKey, short> Newest = new()
    {
        [ApiKey.Produce] = 7,
        [ApiKey.Fetch] = 10,
        [ApiKey.ListOffsets] = 4,
        [ApiKey.Metadata] = 7,
        [ApiKey.OffsetCommit] = 6,
        [ApiKey.OffsetFetch] = 5,
        [ApiKey.FindCoordinator] = 2,
        [ApiKey.JoinGroup] = 3,
        [ApiKey.Heartbeat] = 2,
        [ApiKey.LeaveGroup] = 2,
        [ApiKey.SyncGroup] = 2,
        [ApiKey.DescribeGroups] = 2,
        [ApiKey.ListGroups] = 2,
        [ApiKey.ApiVersions] = 2,
        [ApiKey.CreateTopics] = 3,
        [ApiKey.DeleteTopics] = 3,
        [ApiKey.DeleteRecords] = 1,
        [ApiKey.InitProducerId] = 1,
        [ApiKey.OffsetForLeaderEpoch] = 2,
        [ApiKey.DescribeConfigs] = 2,
        [ApiKey.AlterConfigs] = 1,
        [ApiKey.DescribeLogDirs] = 1,
        [ApiKey.CreatePartitions] = 1,
        [ApiKey.DeleteGroups] = 1,
    };

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _relays = [];
    private readonly Task _accepting;
    private TestBroker? _broker;

    private OldClusterProxy()
    {
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string BootstrapServers => _listener.LocalEndpoint.ToString() ?? string.Empty;

    /// <summary>The APIs that were asked for and served.</summary>
    public ConcurrentDictionary<ApiKey, short> Served { get; } = new();

    /// <summary>What was asked for although Kafka 2.1.0 had not got it.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    public static async Task<OldClusterProxy> StartAsync(CancellationToken cancellationToken)
    {
        var proxy = new OldClusterProxy();
        proxy._broker = await TestBroker.StartAsync(
            [new("advertised.listeners", $"PLAINTEXT://{proxy.BootstrapServers}"), new("offsets.topic.num.partitions", "1")], cancellationToken: cancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_relays);
        await _broker!.DisposeAsync(); // StartAsync sets it
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _relays.Add(RelayAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        using (var broker = new TcpClient { NoDelay = true })
        {
            try
            {
                client.NoDelay = true;
                await broker.ConnectAsync(IPEndPoint.Parse(_broker!.BootstrapServers), _stopping.Token); // clients come when it is there
                Task requests = ForwardAsync(client.GetStream(), broker.GetStream());
                Task responses = broker.GetStream().CopyToAsync(client.GetStream(), _stopping.Token);
                await await Task.WhenAny(requests, responses);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // One of the two has gone.
            }
        }
    }

    private async Task ForwardAsync(NetworkStream client, NetworkStream broker)
    {
        byte[] size = new byte[sizeof(int)];
        while (true)
        {
            await client.ReadExactlyAsync(size, _stopping.Token);
            byte[] request = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await client.ReadExactlyAsync(request, _stopping.Token);
            var api = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(request);
            short version = BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(2));
            if (api == ApiKey.ApiVersions)
            {
                await client.WriteAsync(AnswerApiVersions(request.AsSpan(4, sizeof(int)), version), _stopping.Token);
            }
            else if (Newest.TryGetValue(api, out short newest) && version <= newest)
            {
                Served[api] = version;
                await broker.WriteAsync((byte[])[.. size, .. request], _stopping.Token);
            }
            else
            {
                Refused.Enqueue($"{api} {version}");
                return;
            }
        }
    }

    /// <summary>The versions, or, to a version that it does not know, error 35 in version 0 and an empty list.</summary>
    private static byte[] AnswerApiVersions(ReadOnlySpan<byte> correlation, short version)
    {
        bool isKnown = version <= Newest[ApiKey.ApiVersions];
        using MemoryStream body = new();
        body.Write(correlation);
        WriteShort(body, isKnown ? (short)0 : (short)ErrorCode.UnsupportedVersion);
        WriteInt(body, isKnown ? Newest.Count : 0);
        foreach ((ApiKey api, short newest) in isKnown ? Newest : [])
        {
            WriteShort(body, (short)api);
            WriteShort(body, 0);
            WriteShort(body, newest);
        }

        if (isKnown && version >= 1)
        {
            WriteInt(body, 0); // not throttled
        }

        using MemoryStream frame = new();
        WriteInt(frame, (int)body.Length);
        body.WriteTo(frame);
        return frame.ToArray();
    }

    private static void WriteShort(MemoryStream stream, short value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(short)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void WriteInt(MemoryStream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        stream.Write(bytes);
    }
}
