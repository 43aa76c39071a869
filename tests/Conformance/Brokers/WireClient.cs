using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Ottla.Conformance.Tests.Brokers;

/// <summary>Produce version 7 and Fetch version 10 by hand: what is sent and what comes back are plain bytes, and no codec of ours is between.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly TcpClient _connection;
    private readonly NetworkStream _stream;
    private int _correlation;

    public WireClient(int port)
    {
        _connection = new TcpClient("127.0.0.1", port);
        _stream = _connection.GetStream();
    }

    /// <summary>Produces the batch to partition 0 and returns the error code and the base offset.</summary>
    public async Task<(short Error, long BaseOffset)> ProduceAsync(string topic, byte[] records)
    {
        using MemoryStream body = new();
        WriteShort(body, -1); // no transactional id
        WriteShort(body, -1); // acks of all
        WriteInt(body, 10_000);
        WritePartitionOf(body, topic);
        WriteInt(body, records.Length);
        body.Write(records);
        byte[] answer = await AskAsync(apiKey: 0, version: 7, body.ToArray());
        int partition = 4 + 2 + topic.Length + 4;
        return (
            BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(partition + 4)),
            BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(partition + 6)));
    }

    /// <summary>Fetches partition 0 from the beginning and returns the records' bytes.</summary>
    public async Task<byte[]> FetchAsync(string topic)
    {
        using MemoryStream body = new();
        WriteInt(body, -1); // no replica
        WriteInt(body, 1_000);
        WriteInt(body, 1);
        WriteInt(body, 10_000_000);
        body.WriteByte(0);
        WriteInt(body, 0); // no session
        WriteInt(body, -1);
        WritePartitionOf(body, topic);
        WriteInt(body, -1); // any leader epoch
        body.Write(new byte[sizeof(long)]); // from offset 0
        body.Write(new byte[sizeof(long)]);
        WriteInt(body, 10_000_000);
        WriteInt(body, 0); // no forgotten topics
        byte[] answer = await AskAsync(apiKey: 1, version: 10, body.ToArray());
        int partition = 4 + 2 + 4 + 4 + 2 + topic.Length + 4;
        Assert.Equal(0, BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(partition + 4)));
        int aborted = BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(partition + 30));
        Assert.InRange(aborted, -1, 0);
        int records = partition + 34;
        return answer.AsSpan(records + 4, BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(records))).ToArray();
    }

    public void Dispose() => _connection.Dispose();

    private async Task<byte[]> AskAsync(short apiKey, short version, byte[] body)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using MemoryStream request = new();
        WriteShort(request, apiKey);
        WriteShort(request, version);
        WriteInt(request, ++_correlation);
        WriteText(request, "wire");
        request.Write(body);
        byte[] size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, (int)request.Length);
        await _stream.WriteAsync((byte[])[.. size, .. request.ToArray()], cancellation);
        await _stream.ReadExactlyAsync(size, cancellation);
        byte[] response = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        await _stream.ReadExactlyAsync(response, cancellation);
        Assert.Equal(_correlation, BinaryPrimitives.ReadInt32BigEndian(response));
        return response[4..];
    }

    private static void WritePartitionOf(MemoryStream stream, string topic)
    {
        WriteInt(stream, 1);
        WriteText(stream, topic);
        WriteInt(stream, 1);
        WriteInt(stream, 0);
    }

    private static void WriteText(MemoryStream stream, string text)
    {
        WriteShort(stream, (short)text.Length);
        stream.Write(Encoding.ASCII.GetBytes(text));
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
