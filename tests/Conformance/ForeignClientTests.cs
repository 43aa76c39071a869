using System.Globalization;
using System.Text.Json;
using Ottla.Conformance.Tests.Brokers;
using Ottla.Conformance.Tests.Drivers;
using Ottla.Tests.Processes;

namespace Ottla.Conformance.Tests;

/// <summary>What every foreign client library does with the broker. The drivers are described in Clients/README.md.</summary>
public abstract class ForeignClientTests(BrokerFixture broker, ForeignClient client)
{
    private const int MegabyteSize = 1_000_000;
    private const int OversizeSize = 3_000_000;

    /// <summary>The client's name and the broker, for the tests of one client alone.</summary>
    protected BrokerFixture Broker { get; } = broker;

    /// <summary>The client.</summary>
    protected ForeignClient Client { get; } = client;

    /// <summary>The running test's own token.</summary>
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("all")]
    public async Task Records_of_every_acks_are_read_as_they_were_sent(string acks)
    {
        const int Count = 40, Size = 20;
        string topic = await Broker.NewTopicAsync($"acks{acks}-{Client.Name}");

        JsonElement sent = await DoAsync("produce", topic, acks, "none", $"{Count}", $"{Size}");
        IReadOnlyList<ReadRecord> read = await ReadAsync("consume", topic, "0", "offset:0", $"{Count}");

        Assert.Equal(Count, sent.GetProperty("acknowledged").GetInt32());
        Assert.Equal(Enumerable.Range(0, Count).Select(index => Expected(index, Size, index)), read);
    }

    [Fact]
    public async Task Every_codec_is_stored_as_produced_and_read_again()
    {
        const int Count = 60, Size = 90;
        foreach (string codec in Client.Codecs)
        {
            string topic = await Broker.NewTopicAsync($"codec-{codec}-{Client.Name}");

            JsonElement sent = await DoAsync("produce", topic, "all", codec, $"{Count}", $"{Size}");
            IReadOnlyList<ReadRecord> read = await ReadAsync("consume", topic, "0", "offset:0", $"{Count}");

            Assert.Equal(Count, sent.GetProperty("acknowledged").GetInt32());
            Assert.Equal(Enumerable.Range(0, Count).Select(index => Expected(index, Size, index)), read);
            // A client leaves a batch as it is that would grow.
            IReadOnlyList<StoredBatches> stored = StoredBatches.Of(Broker.Broker.DataFolder, topic);
            Assert.Contains(stored, batch => batch.Codec == codec);
            Assert.All(stored, batch => Assert.Contains(batch.Codec, (string[])[codec, "none"]));
        }
    }

    [Fact]
    public async Task A_record_of_a_megabyte_comes_back_whole()
    {
        string topic = await Broker.NewTopicAsync($"megabyte-{Client.Name}");

        JsonElement sent = await DoAsync("produce", topic, "all", "none", "1", $"{MegabyteSize}");

        Assert.Equal(1, sent.GetProperty("acknowledged").GetInt32());
        Assert.Equal([Expected(0, MegabyteSize, 0)], await ReadAsync("consume", topic, "0", "offset:0", "1"));
    }

    [Fact]
    public async Task An_oversize_record_is_refused_and_the_next_one_is_taken()
    {
        string topic = await Broker.NewTopicAsync($"oversize-{Client.Name}");

        JsonElement refused = await DoAsync("produce", topic, "all", "none", "1", $"{OversizeSize}");
        JsonElement taken = await DoAsync("produce", topic, "all", "none", "1", "10");

        Assert.Matches("(?i)size|large|TOO_LARGE", refused.GetProperty("error").GetString());
        Assert.Equal(1, taken.GetProperty("acknowledged").GetInt32());
        Assert.Equal([Expected(0, 10, 0)], await ReadAsync("consume", topic, "0", "offset:0", "1"));
    }

    [Fact]
    public async Task Reading_starts_at_an_offset_or_at_a_time()
    {
        const int Size = 20;
        string topic = await Broker.NewTopicAsync($"seek-{Client.Name}");
        await DoAsync("produce", topic, "all", "none", "10", $"{Size}");
        long between = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 1;
        await DoAsync("produce", topic, "all", "none", "10", $"{Size}");

        IReadOnlyList<ReadRecord> byOffset = await ReadAsync("consume", topic, "0", "offset:7", "3");
        IReadOnlyList<ReadRecord> byTime = await ReadAsync("consume", topic, "0", string.Create(CultureInfo.InvariantCulture, $"time:{between}"), "2");

        Assert.Equal([Expected(7, Size, 7), Expected(8, Size, 8), Expected(9, Size, 9)], byOffset);
        Assert.Equal([Expected(0, Size, 10), Expected(1, Size, 11)], byTime);
    }

    [Fact]
    public async Task A_group_goes_on_where_it_committed()
    {
        const int Size = 20;
        string topic = await Broker.NewTopicAsync($"resume-{Client.Name}");
        string group = Broker.NewName($"resume-group-{Client.Name}");
        await DoAsync("produce", topic, "all", "none", "20", $"{Size}");

        IReadOnlyList<ReadRecord> first = await ReadAsync("resume", topic, group, "8");
        IReadOnlyList<ReadRecord> second = await ReadAsync("resume", topic, group, "8");

        Assert.Equal(Enumerable.Range(0, 8).Select(index => Expected(index, Size, index)), first);
        Assert.Equal(Enumerable.Range(8, 8).Select(index => Expected(index, Size, index)), second);
    }

    [Fact]
    public async Task Three_members_share_the_partitions_as_they_join_leave_and_crash()
    {
        const int Partitions = 6, LimitSeconds = 45;
        string topic = await Broker.NewTopicAsync($"group-{Client.Name}", Partitions);
        string group = Broker.NewName($"members-{Client.Name}");
        Client.SkipWhereMissing();
        Assert.SkipWhen(BrokerFixture.Kind == BrokerKind.Kafka && Client == ForeignClient.KafkaGo, "Apache Kafka 4 no longer serves the versions of kafka-go 0.2.1");
        await using GroupMember first = GroupMember.Start(Client, Broker.Address, topic, group);
        await ShareAsync("one member has all", [first]);
        await using GroupMember second = GroupMember.Start(Client, Broker.Address, topic, group);
        await ShareAsync("two members share", [first, second]);
        await using GroupMember third = GroupMember.Start(Client, Broker.Address, topic, group);
        await ShareAsync("three members share", [first, second, third]);

        third.Crash();
        await ShareAsync("the partitions of a crashed member go to the others", [first, second]);
        await second.LeaveAsync(Cancellation);
        await ShareAsync("the partitions of a member that left go to the last", [first]);

        await DoAsync("produce", topic, "all", "none", "30", "20");
        await Eventually.HoldsAsync("all records arrive", () => first.Records.Count >= 30, () => first.Everything, LimitSeconds, Cancellation);

        Task ShareAsync(string expectation, GroupMember[] members) => Eventually.HoldsAsync(
            expectation,
            () => members.All(member => member.Assigned.Length > 0)
                && members.SelectMany(member => member.Assigned).Order().SequenceEqual(Enumerable.Range(0, Partitions)),
            () => string.Join("\n--- next member\n", members.Select(member => member.Everything)),
            LimitSeconds,
            Cancellation);
    }

    [Fact]
    public async Task A_topic_is_created_with_a_setting_described_and_deleted()
    {
        JsonElement result = await DoAsync("admin", Broker.NewName($"admin-{Client.Name}"));

        Assert.Equal(3, result.GetProperty("partitions").GetInt32());
        Assert.Equal("12345", result.GetProperty("retention").GetString());
        Assert.True(result.GetProperty("deleted").GetBoolean());
    }

    /// <summary>Makes the driver do something and returns its last line.</summary>
    protected async Task<JsonElement> DoAsync(params string[] work)
    {
        CommandResult result = await RunAsync(work);
        return result.Lines.LastOrDefault(line => line.StartsWith('{')) is { } line
            ? JsonDocument.Parse(line).RootElement
            : throw new CommandFailedException("it printed no result", result);
    }

    private ReadRecord Expected(int index, int size, long offset)
    {
        ReadRecord record = ReadRecord.Expected(Client, index, size, offset);
        return Client.HasNullValues ? record : record with { Key = record.Key ?? string.Empty, Value = record.Value ?? string.Empty };
    }

    private async Task<IReadOnlyList<ReadRecord>> ReadAsync(params string[] work)
    {
        IEnumerable<ReadRecord> records = (await RunAsync(work)).Lines.Select(ReadRecord.Parse).OfType<ReadRecord>();
        return Client.HasNullValues
            ? [.. records]
            : [.. records.Select(record => record with { Key = record.Key ?? string.Empty, Value = record.Value ?? string.Empty })];
    }

    private async Task<CommandResult> RunAsync(string[] work)
    {
        Client.SkipWhereMissing();
        Assert.SkipWhen(BrokerFixture.Kind == BrokerKind.Kafka && Client == ForeignClient.KafkaGo, "Apache Kafka 4 no longer serves the versions of kafka-go 0.2.1");
        return (await ChildProcess.RunAsync(Client.Command(Broker.Address, work), Cancellation)).ExpectExitCode(0);
    }
}
