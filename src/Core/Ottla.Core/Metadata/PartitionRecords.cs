using System.Collections.Immutable;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Metadata;

/// <summary>Between a partition's records and its image.</summary>
internal static class PartitionRecords
{
    /// <summary>What <see cref="PartitionChangeRecord.Leader"/> says when the leader stays.</summary>
    public const int LeaderUnchanged = -2;

    public static PartitionImage ToImage(PartitionRecord record) => new()
    {
        Id = new PartitionId(record.PartitionId),
        Replicas = BrokerIdLists.FromRecord(record.Replicas),
        Isr = BrokerIdLists.FromRecord(record.Isr),
        RemovingReplicas = BrokerIdLists.FromRecord(record.RemovingReplicas),
        AddingReplicas = BrokerIdLists.FromRecord(record.AddingReplicas),
        Leader = new BrokerId(record.Leader),
        LeaderRecoveryState = record.LeaderRecoveryState,
        LeaderEpoch = new LeaderEpoch(record.LeaderEpoch),
        PartitionEpoch = record.PartitionEpoch,
        Directories = [.. record.Directories],
        EligibleLeaderReplicas = BrokerIdLists.FromNullableRecord(record.EligibleLeaderReplicas),
        LastKnownElr = BrokerIdLists.FromNullableRecord(record.LastKnownElr),
    };

    public static PartitionRecord ToRecord(TopicId topic, PartitionImage image) => new()
    {
        PartitionId = image.Id.Value,
        TopicId = topic.Value,
        Replicas = BrokerIdLists.ToRecord(image.Replicas),
        Isr = BrokerIdLists.ToRecord(image.Isr),
        RemovingReplicas = BrokerIdLists.ToRecord(image.RemovingReplicas),
        AddingReplicas = BrokerIdLists.ToRecord(image.AddingReplicas),
        Leader = image.Leader.Value,
        LeaderRecoveryState = image.LeaderRecoveryState,
        LeaderEpoch = image.LeaderEpoch.Value,
        PartitionEpoch = image.PartitionEpoch,
        Directories = [.. image.Directories],
        EligibleLeaderReplicas = BrokerIdLists.ToNullableRecord(image.EligibleLeaderReplicas),
        LastKnownElr = BrokerIdLists.ToNullableRecord(image.LastKnownElr),
    };

    /// <summary>The partition after a change: what the record leaves out stays, the partition epoch always rises.</summary>
    public static PartitionImage Change(PartitionImage image, PartitionChangeRecord record)
    {
        bool leaderChanges = record.Leader != LeaderUnchanged;
        return image with
        {
            Replicas = record.Replicas is null ? image.Replicas : BrokerIdLists.FromRecord(record.Replicas),
            Isr = record.Isr is null ? image.Isr : BrokerIdLists.FromRecord(record.Isr),
            RemovingReplicas = record.RemovingReplicas is null ? image.RemovingReplicas : BrokerIdLists.FromRecord(record.RemovingReplicas),
            AddingReplicas = record.AddingReplicas is null ? image.AddingReplicas : BrokerIdLists.FromRecord(record.AddingReplicas),
            Leader = leaderChanges ? new BrokerId(record.Leader) : image.Leader,
            LeaderEpoch = leaderChanges ? new LeaderEpoch(image.LeaderEpoch.Value + 1) : image.LeaderEpoch,
            LeaderRecoveryState = record.LeaderRecoveryState < 0 ? image.LeaderRecoveryState : record.LeaderRecoveryState,
            PartitionEpoch = image.PartitionEpoch + 1,
            Directories = DirectoriesAfter(image, record),
            EligibleLeaderReplicas = record.EligibleLeaderReplicas is null
                ? image.EligibleLeaderReplicas
                : BrokerIdLists.FromNullableRecord(record.EligibleLeaderReplicas),
            LastKnownElr = record.LastKnownElr is null ? image.LastKnownElr : BrokerIdLists.FromNullableRecord(record.LastKnownElr),
        };
    }

    /// <summary>A replica that stays keeps its directory, one that comes has none known yet.</summary>
    private static ImmutableArray<Guid> DirectoriesAfter(PartitionImage image, PartitionChangeRecord record)
    {
        if (record.Directories is { } directories)
        {
            return [.. directories];
        }

        if (record.Replicas is not { } replicas || image.Directories.IsEmpty)
        {
            return image.Directories;
        }

        ImmutableArray<Guid>.Builder builder = ImmutableArray.CreateBuilder<Guid>(replicas.Count);
        foreach (int replica in replicas)
        {
            int index = image.Replicas.IndexOf(new BrokerId(replica));
            builder.Add(index >= 0 && index < image.Directories.Length ? image.Directories[index] : DirectoryIds.Unassigned);
        }

        return builder.MoveToImmutable();
    }
}
