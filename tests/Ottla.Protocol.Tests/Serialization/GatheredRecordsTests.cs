using Ottla.Protocol.Messages;

namespace Ottla.Protocol.Tests.Serialization;

/// <summary>Responses whose record batches are sent from where they lie.</summary>
public sealed class GatheredRecordsTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(17)]
    public void Buffer_and_gathered_payloads_together_are_the_message_written_in_one_piece(short version)
    {
        FetchResponse response = ResponseWith(new byte[MessageSize.GatherFromBytes], new byte[10], new byte[20_000], null);
        MessageSize size = default;
        response.Measure(ref size, version);
        Assert.Equal(MessageSize.GatherFromBytes + 20_000, size.Gathered);

        byte[] buffer = new byte[size.Total - size.Gathered];
        List<GatheredRecords> gathered = [];
        ProtocolWriter writer = new(buffer, gathered);
        response.Write(ref writer, version);

        Assert.Equal(buffer.Length, writer.Position);
        Assert.Equal([MessageSize.GatherFromBytes, 20_000], gathered.Select(payload => payload.Payload.Length));
        Assert.Equal(MessageBytes.Encode(response, version), Join(buffer, gathered));
    }

    [Fact]
    public void Payloads_below_the_limit_are_copied()
    {
        FetchResponse response = ResponseWith(new byte[MessageSize.GatherFromBytes - 1]);
        MessageSize size = default;
        response.Measure(ref size, 12);

        Assert.Equal(0, size.Gathered);
    }

    private static FetchResponse ResponseWith(params byte[]?[] payloads)
    {
        FetchResponse response = new();
        response.Responses.Add(new FetchResponse.FetchableTopicResponse { Topic = "topic" });
        byte fill = 0;
        foreach (byte[]? payload in payloads)
        {
            payload?.AsSpan().Fill(++fill);
            response.Responses[0].Partitions.Add(new FetchResponse.PartitionData
            {
                Records = payload is null ? null : new ReadOnlyMemory<byte>(payload),
            });
        }

        return response;
    }

    private static byte[] Join(byte[] buffer, List<GatheredRecords> gathered)
    {
        MemoryStream joined = new();
        int position = 0;
        foreach (GatheredRecords records in gathered)
        {
            joined.Write(buffer, position, records.BufferPosition - position);
            joined.Write(records.Payload.Span);
            position = records.BufferPosition;
        }

        joined.Write(buffer, position, buffer.Length - position);
        return joined.ToArray();
    }
}
