using Microsoft.Extensions.Time.Testing;
using Ottla.Client.Consuming;
using Ottla.Client.Tests.Support;

namespace Ottla.Client.Tests.Groups;

/// <summary>Rebalances as members of the library go through them together, at the real broker.</summary>
public sealed class GroupMembershipTests
{
    private const int Partitions = 6;

    [Theory]
    [InlineData(AssignmentStrategy.Range)]
    [InlineData(AssignmentStrategy.RoundRobin)]
    [InlineData(AssignmentStrategy.CooperativeSticky)]
    public async Task Members_share_the_partitions_as_they_join_leave_and_fall_silent(AssignmentStrategy strategy)
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync(Partitions);
        ConsumerOptions options = GroupScenario.Options with { AssignmentStrategies = [strategy] };

        RunningConsumer first = scenario.Join(options);
        await scenario.SharedAsync("one member has all", Partitions, first);
        RunningConsumer second = scenario.Join(options);
        await scenario.SharedAsync("two members share", Partitions, first, second);
        RunningConsumer third = scenario.Join(options);
        await scenario.SharedAsync("three members share", Partitions, first, second, third);
        await second.DisposeAsync();
        await scenario.SharedAsync("the others take over from a member that left", Partitions, first, third);

        // A clock that stands still keeps this one from sending heartbeats, as if its process hung.
        FakeTimeProvider clock = new();
        RunningConsumer silent = scenario.Join(options with { SessionTimeout = TimeSpan.FromSeconds(1) }, new OttlaClientOptions { TimeProvider = clock });
        await scenario.HoldsAsync("the others make room for it", () => first.Assigned.Length + third.Assigned.Length < Partitions);
        await scenario.SharedAsync("the others take over from a member that fell silent", Partitions, first, third);

        await scenario.ProduceAsync(0, 60, Partitions);
        await scenario.HoldsAsync("every record is read", () => first.Handled.Count + third.Handled.Count >= 60);
        Assert.Equal(Enumerable.Range(0, 60), first.Handled.Concat(third.Handled).Select(int.Parse).Order());

        using Timer awake = new(_ => clock.Advance(options.HeartbeatInterval), null, TimeSpan.Zero, options.HeartbeatInterval);
        await scenario.SharedAsync("the silent one comes back when it speaks again", Partitions, first, third, silent);
    }

    [Fact]
    public async Task A_cooperative_member_keeps_what_it_need_not_give_away()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync(Partitions);
        ConsumerOptions options = GroupScenario.Options with { AssignmentStrategies = [AssignmentStrategy.CooperativeSticky] };

        RunningConsumer first = scenario.Join(options);
        await scenario.SharedAsync("one member has all", Partitions, first);
        RunningConsumer second = scenario.Join(options);
        await scenario.SharedAsync("two members share", Partitions, first, second);
        await second.DisposeAsync();
        await scenario.SharedAsync("the first has all again", Partitions, first);

        Assert.Equal(3, first.Taken.Count);
        Assert.Equal([.. Enumerable.Range(0, Partitions), .. first.Taken.Order()], [.. first.Given.Take(Partitions).Order(), .. first.Given.Skip(Partitions).Order()]);
        Assert.Empty(second.Taken);
    }

    [Fact]
    public async Task A_static_member_that_restarts_gets_its_partitions_back_without_a_rebalance()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync(Partitions);
        RunningConsumer first = scenario.Join(GroupScenario.Options with { GroupInstanceId = "first" });
        RunningConsumer second = scenario.Join(GroupScenario.Options with { GroupInstanceId = "second" });
        await scenario.SharedAsync("two members share", Partitions, first, second);
        int[] before = second.Assigned;
        int eventsBefore = first.Given.Count + first.Taken.Count;

        await second.DisposeAsync();
        RunningConsumer again = scenario.Join(GroupScenario.Options with { GroupInstanceId = "second" });
        await scenario.SharedAsync("the restarted member has its share", Partitions, first, again);

        Assert.Equal(before, again.Assigned);
        Assert.Equal(eventsBefore, first.Given.Count + first.Taken.Count);
    }

    [Fact]
    public async Task A_member_that_another_takes_the_place_of_is_told_so()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync(Partitions);
        ConsumerOptions options = GroupScenario.Options with { GroupInstanceId = "one", EnableAutoCommit = false };
        RunningConsumer first = scenario.Join(options);
        await scenario.SharedAsync("one member has all", Partitions, first);

        await using OttlaClient client = OttlaClient.Connect(scenario.Broker.BootstrapServers);
        await using RunningConsumer usurper = new(client, options, GroupScenario.Topic, () => { }, null);
        await Assert.ThrowsAnyAsync<Exception>(() => scenario.HoldsAsync("the first fails", () => false));

        KafkaException failure = Assert.IsType<KafkaException>(first.Failure);
        Assert.Equal((Ottla.Protocol.ErrorCode.FencedInstanceId, true), (failure.Error, failure.IsFatal));
    }

    [Fact]
    public async Task A_member_that_waits_longer_than_the_poll_interval_stays_in_its_group()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync(partitions: 1);
        ConsumerOptions options = GroupScenario.Options with { EnableAutoCommit = false, MaximumPollInterval = TimeSpan.FromMilliseconds(400) };
        RunningConsumer first = scenario.Join(options);
        await scenario.SharedAsync("one member has all", 1, first);
        RunningConsumer second = scenario.Join(options);
        await scenario.HoldsAsync("the first had to rejoin", () => first.Taken.Count == 1);
        await scenario.SharedAsync("one of both has all", 1, first, second);
        (RunningConsumer busy, RunningConsumer spare) = first.Assigned.Length == 1 ? (first, second) : (second, first);
        int given = first.Given.Count + second.Given.Count;

        using PeriodicTimer longerThanThePollInterval = new(options.MaximumPollInterval * 3);
        await longerThanThePollInterval.WaitForNextTickAsync(GroupScenario.Cancellation);
        Assert.Equal(given, first.Given.Count + second.Given.Count);
        await busy.DisposeAsync();

        await scenario.SharedAsync("the spare member takes over", 1, spare);
    }

    [Fact]
    public async Task A_member_that_handles_a_record_for_too_long_loses_its_partitions_and_comes_back()
    {
        const int Count = 40;
        await using GroupScenario scenario = await GroupScenario.StartAsync(Partitions);
        ConsumerOptions options = GroupScenario.Options with { MaximumPollInterval = TimeSpan.FromMilliseconds(500) };
        TaskCompletionSource handling = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await scenario.ProduceAsync(0, Count, Partitions);
        RunningConsumer slow = scenario.Join(options, handle: _ => handling.Task);
        await scenario.SharedAsync("one member has all", Partitions, slow);

        RunningConsumer other = scenario.Join(options);
        await scenario.HoldsAsync("the other takes over and reads all, for nothing was committed", () => other.Handled.Count == Count);
        handling.SetResult();
        await scenario.SharedAsync("both share", Partitions, slow, other);

        Assert.Equal(Enumerable.Range(0, Count), other.Handled.Select(int.Parse).Order());
    }

    [Fact]
    public async Task A_rebalance_does_not_wait_until_a_batch_is_handled()
    {
        const int Count = 100;
        await using GroupScenario scenario = await GroupScenario.StartAsync(partitions: 1);
        await scenario.ProduceAsync(0, Count, partitions: 1);
        using SemaphoreSlim turns = new(10);
        RunningConsumer first = scenario.Join(GroupScenario.Options, handle: _ => turns.WaitAsync(GroupScenario.Cancellation));
        await scenario.HoldsAsync("ten records are handled", () => first.Handled.Count == 10);

        RunningConsumer second = scenario.Join(GroupScenario.Options);
        using PeriodicTimer pace = new(GroupScenario.Options.HeartbeatInterval);
        while (first.Taken.IsEmpty && first.Handled.Count < Count)
        {
            await pace.WaitForNextTickAsync(GroupScenario.Cancellation);
            turns.Release();
        }

        int handledBefore = first.Handled.Count;
        turns.Release(Count);
        await scenario.HoldsAsync("every record is read", () => first.Handled.Count + second.Handled.Count >= Count);

        Assert.InRange(handledBefore, 10, Count - 1);
        Assert.Equal(Enumerable.Range(0, Count), first.Handled.Concat(second.Handled).Select(int.Parse).Order());
    }

    [Fact]
    public async Task New_partitions_are_found_and_shared()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync(partitions: 2);
        OttlaClientOptions attentive = new() { MetadataMaximumAge = TimeSpan.FromMilliseconds(100) };
        RunningConsumer first = scenario.Join(GroupScenario.Options, attentive);
        RunningConsumer second = scenario.Join(GroupScenario.Options, attentive);
        await scenario.SharedAsync("two members share", 2, first, second);

        await scenario.Broker.Client.Admin.Topics.AddPartitionsAsync(GroupScenario.Topic, totalCount: 5, GroupScenario.Cancellation);

        await scenario.SharedAsync("two members share all", 5, first, second);
        Assert.Contains(4, first.Given.Concat(second.Given));
    }

    [Fact]
    public async Task A_group_goes_on_over_a_restart_of_the_broker()
    {
        await using GroupScenario scenario = await GroupScenario.StartAsync(Partitions);
        RunningConsumer first = scenario.Join(GroupScenario.Options);
        RunningConsumer second = scenario.Join(GroupScenario.Options);
        await scenario.SharedAsync("two members share", Partitions, first, second);
        await scenario.ProduceAsync(0, 60, Partitions);
        await scenario.HoldsAsync("every record is read", () => first.Handled.Count + second.Handled.Count >= 60);
        await first.CommitAsync(GroupScenario.Cancellation);
        await second.CommitAsync(GroupScenario.Cancellation);

        await scenario.Broker.RestartAsync(GroupScenario.Cancellation);
        await scenario.ProduceAsync(60, 60, Partitions);
        await scenario.HoldsAsync("every later record is read", () => first.Handled.Count + second.Handled.Count >= 120);

        Assert.Equal(Enumerable.Range(0, 120), first.Handled.Concat(second.Handled).Select(int.Parse).Order());
    }
}
