using Ottla.Coordination.Metadata;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Storage.Directories;
using Ottla.Storage.Tests.Support;

namespace Ottla.Coordination.Tests.Metadata;

public sealed class MetadataHostTests
{
    [Fact]
    public async Task A_new_cluster_begins_with_its_features_and_its_broker()
    {
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync();

        MetadataImage image = scenario.Host.Current;
        Assert.Equal(MetadataVersions.Latest, image.MetadataVersion);
        Assert.True(image.Brokers[new BrokerId(1)].IsActive);
        Assert.Equal((1, scenario.BrokerEpoch), (image.Epoch, image.Brokers[new BrokerId(1)].Epoch));
    }

    [Fact]
    public async Task What_was_changed_is_there_after_a_clean_start_and_epochs_rise()
    {
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync();
        Assert.Equal(ErrorCode.None, await scenario.CreateTopicAsync("orders", 3, ("retention.ms", "5000")));
        Assert.Equal(0, await scenario.AllocateProducerIdsAsync());
        string before = ImageText.Of(scenario.Host.Current);
        long epoch = scenario.BrokerEpoch;
        await scenario.StopAsync();

        await scenario.OpenAsync();

        Assert.Equal(before, ImageText.Of(scenario.Host.Current));
        Assert.Equal(2, scenario.Log.Epoch);
        Assert.True(scenario.BrokerEpoch > epoch);
        Assert.Equal(0, scenario.Host.Current.Topics.ByName["orders"].Partitions[0].LeaderEpoch.Value);
        Assert.Equal(1000, await scenario.AllocateProducerIdsAsync());
    }

    [Fact]
    public async Task After_a_crash_partitions_get_a_new_leader_epoch()
    {
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync();
        await scenario.CreateTopicAsync("orders");
        scenario.Crash(losesUnsynced: true);

        await scenario.OpenAsync();

        Assert.Equal(1, scenario.Host.Current.Topics.ByName["orders"].Partitions[0].LeaderEpoch.Value);
    }

    [Fact]
    public async Task Followers_get_everything_first_and_each_change_before_it_is_answered()
    {
        RecordingSubscriber follower = new();
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync(follower);
        Assert.Equal([""], follower.Topics);

        await scenario.CreateTopicAsync("orders");
        Assert.Equal(["", "+orders"], follower.Topics);
        await scenario.DeleteTopicAsync("orders");
        Assert.Equal(["", "+orders", "-orders"], follower.Topics);
        await scenario.CreateTopicAsync("again");
        await scenario.StopAsync();

        RecordingSubscriber next = new();
        await scenario.OpenAsync(next);
        Assert.Equal(["+again"], next.Topics);
    }

    [Fact]
    public async Task A_follower_that_fails_keeps_nobody_from_the_change()
    {
        RecordingSubscriber follower = new();
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync(new FailingSubscriber(), follower);

        Assert.Equal(ErrorCode.None, await scenario.CreateTopicAsync("orders"));

        Assert.Contains("+orders", follower.Topics);
        Assert.True(scenario.Host.Current.Topics.ByName.ContainsKey("orders"));
    }

    [Fact]
    public async Task A_follower_that_cannot_take_in_what_there_is_ends_the_start()
    {
        MetadataScenario scenario = new();

        await Assert.ThrowsAsync<InvalidOperationException>(() => scenario.OpenAsync(new FailingSubscriber { FailsAtStart = true }));
    }

    [Fact]
    public async Task Many_requests_at_once_are_all_answered_in_one_order()
    {
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync();

        ErrorCode[] errors = await Task.WhenAll(Enumerable.Range(0, 300).Select(number => scenario.CreateTopicAsync($"t{number % 150}")));

        Assert.Equal(150, errors.Count(error => error == ErrorCode.None));
        Assert.Equal(150, errors.Count(error => error == ErrorCode.TopicAlreadyExists));
        Assert.Equal(150, scenario.Host.Current.Topics.ByName.Count);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_change_and_takes_the_next_one_when_there_is_room()
    {
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync();
        await scenario.CreateTopicAsync("before");
        scenario.Disk.Capacity = 0;

        Assert.Equal(ErrorCode.KafkaStorageError, await scenario.CreateTopicAsync("refused"));
        Assert.Equal(["before"], scenario.Host.Current.Topics.ByName.Keys);

        scenario.Disk.Capacity = long.MaxValue;
        scenario.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.None, await scenario.CreateTopicAsync("after"));
        scenario.Crash(losesUnsynced: true);
        await scenario.OpenAsync();
        Assert.Equal(["after", "before"], scenario.Host.Current.Topics.ByName.Keys);
    }

    [Fact]
    public async Task A_sync_that_fails_is_never_answered_with_success_and_nothing_is_built_on_it()
    {
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync();
        await scenario.CreateTopicAsync("before");
        scenario.Disk.Fault = (operation, path) =>
            operation == DiskOperation.Sync && path.EndsWith(".log", StringComparison.Ordinal) ? SimulatedDisk.InputOutputError() : null;

        Assert.Equal(ErrorCode.KafkaStorageError, await scenario.CreateTopicAsync("lost"));
        scenario.Disk.Fault = null;
        Assert.Equal(ErrorCode.KafkaStorageError, await scenario.CreateTopicAsync("later"));
        Assert.Equal(["before"], scenario.Host.Current.Topics.ByName.Keys);

        scenario.Crash(losesUnsynced: true);
        await scenario.OpenAsync();
        Assert.Equal(["before"], scenario.Host.Current.Topics.ByName.Keys);
    }

    [Fact]
    public async Task A_directory_of_another_node_is_refused()
    {
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync();
        await scenario.StopAsync();
        scenario.NodeId = new BrokerId(2);

        LogDirectoryException exception = await Assert.ThrowsAsync<LogDirectoryException>(() => scenario.OpenAsync());

        Assert.Contains("node", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_with_other_voters_is_refused()
    {
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync();
        await scenario.StopAsync();
        new QuorumState { LeaderId = 3, LeaderEpoch = 5, Voters = [1, 2, 3] }.Write(scenario.Files, scenario.LogPath);
        scenario.Disk.ReleaseLocks();

        InvalidMetadataException exception = await Assert.ThrowsAsync<InvalidMetadataException>(() => scenario.OpenAsync());

        Assert.Contains("1, 2, 3", exception.Message, StringComparison.Ordinal);
        scenario.Crash(losesUnsynced: false);
    }

    [Fact]
    public async Task A_bit_that_flipped_in_the_log_is_found_before_anything_is_served()
    {
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync();
        await scenario.CreateTopicAsync("orders");
        await scenario.StopAsync();
        string path = $"{scenario.LogPath}/00000000000000000000.log";
        byte[] content = scenario.Disk.Content(path);
        content[content.Length / 2] ^= 4;
        scenario.Disk.SetContent(path, content);

        await Assert.ThrowsAsync<InvalidMetadataException>(() => scenario.OpenAsync());
        scenario.Crash(losesUnsynced: false);
    }

    [Fact]
    public async Task After_the_stop_nothing_is_taken()
    {
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync();
        await scenario.Host.StopAsync();

        Assert.Equal(ErrorCode.BrokerNotAvailable, await scenario.CreateTopicAsync("late"));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_the_work_of_changes_and_the_next_start_does_it()
    {
        SlowSubscriber slow = new();
        await using MetadataScenario scenario = await new MetadataScenario().OpenAsync(slow);
        Task<ErrorCode> first = scenario.CreateTopicAsync("first");
        await slow.Begun;
        Task<ErrorCode>[] waiting = [scenario.CreateTopicAsync("second"), scenario.CreateTopicAsync("third")];

        await scenario.StopAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(ErrorCode.None, await first);
        Assert.All(await Task.WhenAll(waiting), static error => Assert.Equal(ErrorCode.BrokerNotAvailable, error));
        RecordingSubscriber next = new();
        await scenario.OpenAsync(next);
        Assert.Equal(["+first"], next.Topics);
    }

    /// <summary>Takes a change in only when it is told to give up.</summary>
    private sealed class SlowSubscriber : IMetadataSubscriber
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public async ValueTask ApplyAsync(MetadataDelta delta, MetadataImage image, CancellationToken cancellationToken)
        {
            if (image.Topics.ByName.Count > 0)
            {
                _begun.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
        }
    }

    private sealed class RecordingSubscriber : IMetadataSubscriber
    {
        public List<string> Topics { get; } = [];

        public ValueTask ApplyAsync(MetadataDelta delta, MetadataImage image, CancellationToken cancellationToken)
        {
            IEnumerable<string> changes = delta.Topics.Changed.Select(topic => $"+{topic.Name}").Concat(delta.Topics.Deleted.Select(topic => $"-{topic.Name}"));
            Topics.Add(string.Join(' ', changes));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class FailingSubscriber : IMetadataSubscriber
    {
        private bool _isStarted;

        public bool FailsAtStart { get; init; }

        public ValueTask ApplyAsync(MetadataDelta delta, MetadataImage image, CancellationToken cancellationToken)
        {
            if (FailsAtStart || _isStarted)
            {
                throw new InvalidOperationException("This follower fails.");
            }

            _isStarted = true;
            return ValueTask.CompletedTask;
        }
    }
}
