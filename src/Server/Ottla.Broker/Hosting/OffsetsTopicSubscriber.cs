using Ottla.Coordination.Groups;
using Ottla.Coordination.Metadata;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Hosting;

/// <summary>
/// Has the group coordinator serve the partitions of the offsets topic that this broker leads, and no others: a group's coordinator is
/// the leader of its partition, always.
/// </summary>
internal sealed class OffsetsTopicSubscriber(GroupCoordinator groups, PartitionSet partitions, TimeProvider timeProvider) : IMetadataSubscriber
{
    private readonly Dictionary<PartitionId, LeaderEpoch> _led = [];

    public async ValueTask ApplyAsync(MetadataDelta delta, MetadataImage image, CancellationToken cancellationToken)
    {
        groups.PartitionCount = image.Topics.TryFind(TopicNames.ConsumerOffsets, out TopicImage? topic) ? topic.Partitions.Length : 0;
        if (delta.Topics.Deleted.Any(static deleted => deleted.Name == TopicNames.ConsumerOffsets))
        {
            foreach (PartitionId partition in _led.Keys.ToArray())
            {
                await ResignAsync(partition);
            }
        }

        if (delta.Topics.Changed.FirstOrDefault(static changed => changed.Name == TopicNames.ConsumerOffsets) is { } changed)
        {
            await FollowAsync(changed);
        }

        string[] gone = [.. delta.Topics.Deleted.Select(static deleted => deleted.Name)];
        if (gone.Length > 0)
        {
            groups.ForgetTopics(gone);
        }
    }

    private async ValueTask FollowAsync(TopicDelta changed)
    {
        foreach (PartitionImage image in changed.ChangedPartitions)
        {
            Partition? partition = partitions.Find(new TopicPartition(TopicNames.ConsumerOffsets, image.Id));
            bool leads = partition is { IsLeader: true };
            bool isLed = _led.TryGetValue(image.Id, out LeaderEpoch epoch);
            if (isLed && (!leads || epoch != image.LeaderEpoch))
            {
                // Led in an old epoch is not led: another broker may have appended in between, so the log is read again.
                await ResignAsync(image.Id);
                isLed = false;
            }

            if (leads && !isLed)
            {
                _led.Add(image.Id, image.LeaderEpoch);
                groups.Lead(image.Id, new PartitionCoordinatorLog(partition!, timeProvider)); // it leads, so it is there
            }
        }
    }

    private async ValueTask ResignAsync(PartitionId partition)
    {
        _led.Remove(partition);
        await groups.ResignAsync(partition);
    }
}
