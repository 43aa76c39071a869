using Ottla.Protocol.Stored;

namespace Ottla.Core.Groups.Offsets;

/// <summary>Makes records of committed offsets.</summary>
internal static class OffsetRecords
{
    public static OffsetCommitRecord Write(string groupId, string topic, int partition, CommittedOffset offset) => new(
        Key(groupId, topic, partition),
        new OffsetCommitValue
        {
            Offset = offset.Offset,
            LeaderEpoch = offset.LeaderEpoch,
            Metadata = offset.Metadata,
            CommitTimestamp = offset.CommitTimestamp,
            ExpireTimestamp = offset.ExpireTimestamp,
        });

    public static OffsetCommitRecord WriteTombstone(string groupId, string topic, int partition) => new(Key(groupId, topic, partition), null);

    private static OffsetCommitKey Key(string groupId, string topic, int partition) =>
        new() { Group = groupId, Topic = topic, Partition = partition };
}
