using Ottla.Protocol.Stored;

namespace Ottla.Core.Groups.Offsets;

/// <summary>What a group has committed for a partition.</summary>
/// <param name="Offset">The next offset to consume.</param>
/// <param name="LeaderEpoch">The leader epoch of the last consumed record; -1 if the client did not say.</param>
/// <param name="Metadata">The client's own text.</param>
/// <param name="CommitTimestamp">When it was committed, milliseconds since 1970.</param>
/// <param name="ExpireTimestamp">When it expires if the client said (OffsetCommit 2-4), milliseconds since 1970; else -1.</param>
public readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommitTimestamp, long ExpireTimestamp)
{
    internal static CommittedOffset Read(OffsetCommitValue value) =>
        new(value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp, value.ExpireTimestamp);
}
