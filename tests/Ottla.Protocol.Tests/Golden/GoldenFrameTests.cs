using Ottla.Protocol.Messages;

namespace Ottla.Protocol.Tests.Golden;

/// <summary>What real clients and Apache Kafka 4.3.1 said to each other, read and written again.</summary>
public sealed class GoldenFrameTests
{
    [Fact]
    public void Every_frame_is_read_to_its_end_and_written_with_the_same_bytes()
    {
        List<string> failures = [];
        foreach (GoldenFrame frame in GoldenFrame.ReadAll())
        {
            Exception? thrown = Record.Exception(() => Assert.Equal(frame.Bytes, ReadAndWrite(frame)));
            if (thrown is not null)
            {
                failures.Add($"{frame}: {thrown.Message}");
            }
        }

        Assert.Empty(failures);
    }

    [Fact]
    public void The_frames_cover_the_clients_and_the_APIs_that_matter()
    {
        List<GoldenFrame> frames = [.. GoldenFrame.ReadAll()];
        ApiKey[] expected =
        [
            ApiKey.Produce, ApiKey.Fetch, ApiKey.ListOffsets, ApiKey.Metadata, ApiKey.OffsetCommit, ApiKey.OffsetFetch,
            ApiKey.FindCoordinator, ApiKey.JoinGroup, ApiKey.SyncGroup, ApiKey.Heartbeat, ApiKey.LeaveGroup, ApiKey.ApiVersions,
            ApiKey.CreateTopics, ApiKey.DeleteTopics, ApiKey.InitProducerId, ApiKey.EndTxn, ApiKey.ConsumerGroupHeartbeat,
        ];

        Assert.Equal(5, frames.Select(frame => frame.Client).Distinct().Count());
        Assert.Empty(expected.Except(frames.Where(frame => frame.IsRequest).Select(frame => frame.ApiKey)));
        Assert.Empty(expected.Except(frames.Where(frame => !frame.IsRequest).Select(frame => frame.ApiKey)));
    }

    [Fact]
    public void A_request_says_in_its_header_what_it_is()
    {
        foreach (GoldenFrame frame in GoldenFrame.ReadAll().Where(frame => frame.IsRequest))
        {
            ProtocolReader reader = new(frame.Bytes);

            RequestHeader header = RequestHeader.Read(ref reader, ApiHeaders.RequestHeaderVersion(frame.ApiKey, frame.Version));

            Assert.Equal(((short)frame.ApiKey, frame.Version), (header.RequestApiKey, header.RequestApiVersion));
            Assert.False(string.IsNullOrEmpty(header.ClientId));
        }
    }

    private static byte[] ReadAndWrite(GoldenFrame frame)
    {
        ProtocolReader reader = new(frame.Bytes);
        short headerVersion = frame.IsRequest
            ? ApiHeaders.RequestHeaderVersion(frame.ApiKey, frame.Version)
            : ApiHeaders.ResponseHeaderVersion(frame.ApiKey, frame.Version);
        IMessage header = frame.IsRequest
            ? RequestHeader.Read(ref reader, headerVersion)
            : ResponseHeader.Read(ref reader, headerVersion);
        string name = $"{frame.ApiKey}{(frame.IsRequest ? "Request" : "Response")}";
        MessageDescription description = MessageCatalog.All.Single(message => message.Name == name);
        IMessage body = description.Read(ref reader, frame.Version);
        Assert.Equal(0, reader.Remaining);
        return [.. MessageBytes.Encode(header, headerVersion), .. MessageBytes.Encode(body, frame.Version)];
    }
}
