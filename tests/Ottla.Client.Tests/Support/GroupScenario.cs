using Ottla.Client.Administration;
using Ottla.Client.Consuming;
using Ottla.Client.Producing;
using Ottla.Testing;

namespace Ottla.Client.Tests.Support;

/// <summary>Consumers of one group and one topic at the real broker, in the test's process.</summary>
internal sealed class GroupScenario : IAsyncDisposable
{
    public const string Topic = "topic", Group = "group";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _changes = new(0);
    private readonly List<RunningConsumer> _members = [];

    private GroupScenario(TestBroker broker)
    {
        Broker = broker;
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A member's options: quick to notice a rebalance, slow to be given up.</summary>
    public static ConsumerOptions Options { get; } = new()
    {
        GroupId = Group,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        HeartbeatInterval = TimeSpan.FromMilliseconds(30),
        SessionTimeout = TimeSpan.FromSeconds(30),
        FetchMaximumWait = TimeSpan.FromMilliseconds(50),
    };

    public TestBroker Broker { get; }

    public static async Task<GroupScenario> StartAsync(int partitions)
    {
        TestBroker broker = await TestBroker.StartAsync([new("group.min.session.timeout.ms", "100"), new("offsets.topic.num.partitions", "1")], cancellationToken: Cancellation);
        await broker.Client.Admin.Topics.CreateAsync(new NewTopic { Name = Topic, PartitionCount = partitions }, cancellationToken: Cancellation);
        return new GroupScenario(broker);
    }

    /// <summary>Starts a member.</summary>
    /// <param name="options">How it reads.</param>
    /// <param name="clientOptions">Its own client's options; null for the defaults.</param>
    /// <param name="handle">What it does with a record before that counts as handled.</param>
    public RunningConsumer Join(ConsumerOptions options, OttlaClientOptions? clientOptions = null, Func<ConsumedRecord, Task>? handle = null)
    {
        OttlaClient client = OttlaClient.Connect(Broker.BootstrapServers, clientOptions);
        var member = new RunningConsumer(client, options, Topic, () => _changes.Release(), handle);
        _members.Add(member);
        return member;
    }

    /// <summary>Writes numbered records, in turn to each partition, and waits until they are there.</summary>
    public async Task ProduceAsync(int first, int count, int partitions)
    {
        await using Producer producer = Broker.Client.CreateProducer();
        for (int number = first; number < first + count; number++)
        {
            await producer.PostAsync(ProducerRecord.OfText(Topic, null, $"{number}") with { Partition = number % partitions }, Cancellation);
        }

        await producer.FlushAsync(Cancellation);
    }

    /// <summary>Waits until members and test agree on something; asks again whenever a member was given or lost or handled something.</summary>
    public async Task HoldsAsync(string expectation, Func<bool> condition)
    {
        while (!condition())
        {
            Assert.True(
                await _changes.WaitAsync(Limit, Cancellation) && _members.TrueForAll(member => member.Failure is null),
                $"{expectation}: no. {string.Join("; ", _members)}");
        }
    }

    /// <summary>Waits until the members have so many partitions each, which are all that there are.</summary>
    public Task SharedAsync(string expectation, int partitions, params RunningConsumer[] members) => HoldsAsync(
        expectation,
        () => members.SelectMany(member => member.Assigned).Order().SequenceEqual(Enumerable.Range(0, partitions))
            && members.Max(member => member.Assigned.Length) - members.Min(member => member.Assigned.Length) <= 1);

    public async ValueTask DisposeAsync()
    {
        foreach (RunningConsumer member in _members)
        {
            await member.DisposeAsync();
        }

        await Broker.DisposeAsync();
        _changes.Dispose();
    }
}
