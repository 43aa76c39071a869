using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Confluent.Kafka;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Tests.Processes;
using ErrorCode = Ottla.Protocol.ErrorCode;
using TopicPartition = Confluent.Kafka.TopicPartition;

namespace Ottla.Crash.Tests;

/// <summary>The offsets topic is replayed at the start, and is not compacted yet: how long may that take?</summary>
public sealed class CommitReplayTests
{
    private const string Topic = "committed", Group = "many";
    private const int Partitions = 100;
    private const int CommitsOfEach = 10_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_million_commits_are_replayed_in_less_than_three_seconds()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerKind.Ottla, [], Cancellation);
        await ConfluentClients.CreateTopicAsync(broker.Address, Topic, Partitions);
        using (IConsumer<string, string> consumer = ConfluentClients.NewConsumer(broker.Address, Group))
        {
            consumer.Committed([new TopicPartition(Topic, 0)], TimeSpan.FromSeconds(30)); // finds the coordinator, which makes the offsets topic
        }

        using (TcpClient connection = new("127.0.0.1", broker.Port))
        {
            for (int commit = 1; commit <= CommitsOfEach; commit++)
            {
                await CommitAsync(connection.GetStream(), commit);
            }
        }

        await broker.KillAsync();
        long start = Stopwatch.GetTimestamp();
        await broker.StartAgainAsync(Cancellation);
        using IConsumer<string, string> again = ConfluentClients.NewConsumer(broker.Address, Group);
        List<TopicPartitionOffset> committed = again.Committed(
            Enumerable.Range(0, Partitions).Select(partition => new TopicPartition(Topic, partition)), TimeSpan.FromSeconds(30));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);

        TestContext.Current.TestOutputHelper?.WriteLine($"start, replay and the first answer took {elapsed.TotalMilliseconds:F0} ms");
        Assert.Equal(Partitions, committed.Count);
        Assert.All(committed, offset => Assert.Equal(CommitsOfEach, offset.Offset.Value));
        Assert.Contains($"loaded {Partitions * CommitsOfEach} records", broker.Output, StringComparison.Ordinal);
        Assert.True(elapsed < TimeSpan.FromSeconds(3), $"{elapsed.TotalMilliseconds:F0} ms");
    }
    /// <summary>Commits all partitions in one request of version 7, by hand.</summary>
    private static async Task CommitAsync(NetworkStream stream, int offset)
    {
        const short Version = 7;
        var request = new OffsetCommitRequest
        {
            GroupId = Group,
            Topics =
            [
                new OffsetCommitRequest.OffsetCommitRequestTopic
                {
                    Name = Topic,
                    Partitions = [.. Enumerable.Range(0, Partitions).Select(partition => new OffsetCommitRequest.OffsetCommitRequestPartition
                    {
                        PartitionIndex = partition, CommittedOffset = offset, CommittedMetadata = "",
                    })],
                },
            ],
        };
        var header = new RequestHeader { RequestApiKey = (short)ApiKey.OffsetCommit, RequestApiVersion = Version, CorrelationId = offset, ClientId = "replay" };
        var size = new MessageSize();
        header.Measure(ref size, 1);
        request.Measure(ref size, Version);
        byte[] frame = new byte[sizeof(int) + size.Total];
        Write(frame, header, request, Version);
        await stream.WriteAsync(frame, Cancellation);

        byte[] length = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(length, Cancellation);
        byte[] answer = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(answer, Cancellation);
        AssertCommitted(answer, Version);
    }

    private static void Write(byte[] frame, RequestHeader header, OffsetCommitRequest request, short version)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - sizeof(int));
        var writer = new ProtocolWriter(frame.AsSpan(sizeof(int)));
        header.Write(ref writer, 1);
        request.Write(ref writer, version);
    }

    private static void AssertCommitted(byte[] answer, short version)
    {
        var reader = new ProtocolReader(answer.AsMemory(sizeof(int)));
        OffsetCommitResponse response = OffsetCommitResponse.Read(ref reader, version);
        Assert.All(Assert.Single(response.Topics).Partitions, partition => Assert.Equal(ErrorCode.None, partition.ErrorCode));
    }
}
