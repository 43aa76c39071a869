using System.Collections.Concurrent;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Framing;
using Ottla.Transport.Sockets;

namespace Ottla.Client.Tests.Support;

/// <summary>
/// A broker in the test's process that answers over a real socket what the test says, request by request. It knows one topic of one
/// partition that it leads itself.
/// </summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    public const string Topic = "topic";

    private static readonly Guid TopicId = new("11111111-1111-1111-1111-111111111111");

    private readonly TransportListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<TransportConnection> _connections = [];
    private readonly Task _accepting;

    private ScriptedBroker(TransportListener listener)
    {
        _listener = listener;
        _accepting = AcceptAsync();
    }

    public BrokerAddress Address => new("127.0.0.1", _listener.LocalEndPoint.Port);

    /// <summary>The newest ApiVersions version that the broker knows.</summary>
    public short NewestApiVersions { get; set; } = 4;

    /// <summary>Answers Produce; gets the request's number, counted from 0. Null closes the connection.</summary>
    public Func<int, ProduceRequest, ErrorCode?> OnProduce { get; set; } = (_, _) => ErrorCode.None;

    /// <summary>Answers Metadata for the topic; gets the request's number.</summary>
    public Func<int, ErrorCode> OnMetadata { get; set; } = _ => ErrorCode.None;

    /// <summary>Whether produce requests are left without an answer.</summary>
    public bool SwallowsProduce { get; set; }

    public ConcurrentQueue<(ApiKey Api, short Version)> Requests { get; } = new();

    public ConcurrentQueue<byte[]> ProducedBatches { get; } = new();

    public int Connections => _connections.Count;

    private int _metadataCount;
    private int _produceCount;
    private long _nextOffset;

    public static async Task<ScriptedBroker> StartAsync() =>
        new(await TransportListener.BindAsync("127.0.0.1", 0, TransportOptions.Default, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        foreach (TransportConnection connection in _connections)
        {
            connection.Abort();
        }

        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                if (await _listener.AcceptAsync(_stopping.Token) is { } connection)
                {
                    _connections.Add(connection);
                    serving.Add(ServeAsync(connection));
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TransportConnection connection)
    {
        using var reader = new FrameReader(connection, 16 * 1024 * 1024);
        using var writer = new FrameWriter();
        try
        {
            while (await reader.ReadSizeAsync(_stopping.Token) is var size and >= 0)
            {
                using PooledBuffer frame = await reader.ReadBodyAsync(size, _stopping.Token);
                if (!Answer(frame.Memory, writer))
                {
                    break;
                }

                await writer.FlushAsync(connection, _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or FrameException or System.Net.Sockets.SocketException)
        {
            // The client or the test has gone.
        }

        connection.Abort();
    }

    private bool Answer(ReadOnlyMemory<byte> frame, FrameWriter writer)
    {
        var peek = new ProtocolReader(frame);
        var api = (ApiKey)peek.ReadInt16();
        short version = peek.ReadInt16();
        var reader = new ProtocolReader(frame);
        RequestHeader header = RequestHeader.Read(ref reader, ApiHeaders.RequestHeaderVersion(api, version));
        Requests.Enqueue((api, version));
        IMessage? response = api switch
        {
            ApiKey.ApiVersions => ApiVersions(ref version),
            ApiKey.Metadata => Metadata(),
            ApiKey.InitProducerId => new InitProducerIdResponse { ProducerId = 7, ProducerEpoch = 0 },
            ApiKey.Produce => Produce(ProduceRequest.Read(ref reader, version)),
            _ => throw new InvalidOperationException($"The test did not expect {api}."),
        };
        if (response is not null)
        {
            writer.Append(new ResponseHeader { CorrelationId = header.CorrelationId }, ApiHeaders.ResponseHeaderVersion(api, version), response, version);
        }

        return response is not null || SwallowsProduce;
    }

    private ApiVersionsResponse ApiVersions(ref short version)
    {
        bool isUnknown = version > NewestApiVersions;
        version = isUnknown ? (short)0 : version;
        return new ApiVersionsResponse
        {
            ErrorCode = isUnknown ? ErrorCode.UnsupportedVersion : ErrorCode.None,
            ApiKeys =
            [
                Api(ApiKey.ApiVersions, 0, NewestApiVersions),
                Api(ApiKey.Metadata, 0, 12),
                Api(ApiKey.InitProducerId, 0, 4),
                Api(ApiKey.Produce, 3, 13),
            ],
        };
    }

    private static ApiVersionsResponse.ApiVersion Api(ApiKey key, short lowest, short highest) =>
        new() { ApiKey = (short)key, MinVersion = lowest, MaxVersion = highest };

    private MetadataResponse Metadata()
    {
        ErrorCode error = OnMetadata(_metadataCount++);
        return new MetadataResponse
        {
            ClusterId = "scripted",
            ControllerId = 1,
            Brokers = [new MetadataResponse.MetadataResponseBroker { NodeId = 1, Host = Address.Host, Port = Address.Port }],
            Topics =
            [
                new MetadataResponse.MetadataResponseTopic
                {
                    ErrorCode = error,
                    Name = Topic,
                    TopicId = error == ErrorCode.None ? TopicId : Guid.Empty,
                    Partitions = error == ErrorCode.None
                        ? [new MetadataResponse.MetadataResponsePartition { LeaderId = 1, LeaderEpoch = 1, ReplicaNodes = [1], IsrNodes = [1] }]
                        : [],
                },
            ],
        };
    }

    private ProduceResponse? Produce(ProduceRequest request)
    {
        ErrorCode? error = OnProduce(_produceCount++, request);
        if (error is not { } code || SwallowsProduce)
        {
            return null;
        }

        ReadOnlyMemory<byte> batch = request.TopicData[0].PartitionData[0].Records ?? ReadOnlyMemory<byte>.Empty;
        long baseOffset = -1;
        if (code == ErrorCode.None)
        {
            ProducedBatches.Enqueue(batch.ToArray());
            Ottla.Records.RecordBatchHeader.TryRead(batch.Span, out Ottla.Records.RecordBatchHeader header);
            baseOffset = _nextOffset;
            _nextOffset += header.RecordCount;
        }

        return new ProduceResponse
        {
            Responses =
            [
                new ProduceResponse.TopicProduceResponse
                {
                    TopicId = TopicId,
                    PartitionResponses = [new ProduceResponse.PartitionProduceResponse { ErrorCode = code, BaseOffset = baseOffset }],
                },
            ],
        };
    }
}
