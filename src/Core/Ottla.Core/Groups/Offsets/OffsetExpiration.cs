using Ottla.Core.Groups.Classic;

namespace Ottla.Core.Groups.Offsets;

/// <summary>
/// When committed offsets expire (KIP-211): those of a group that nobody uses some time after it became empty, those of topics that
/// a stable group no longer consumes and those of consumers that assign themselves some time after the commit.
/// </summary>
internal static class OffsetExpiration
{
    /// <summary>Appends tombstones for what has expired, up to the cap. False if the cap was reached.</summary>
    public static bool TryExpire(
        string groupId, ClassicGroup? group, GroupOffsets? offsets, GroupDecisionBuilder decision, GroupOptions options, Instant now)
    {
        bool isEverythingExpired = true;
        foreach (string topic in offsets?.Topics() ?? [])
        {
            bool isConsumed = group is not null && group.IsSubscribedTo(topic);
            foreach ((int partition, CommittedOffset offset) in offsets!.Partitions(topic)) // not null: it has topics
            {
                if (isConsumed || !HasExpired(offset, group, options, now))
                {
                    isEverythingExpired = false;
                    continue;
                }

                if (decision.RecordCount >= options.MaxTombstonesPerDecision)
                {
                    return false;
                }

                decision.Append(OffsetRecords.WriteTombstone(groupId, topic, partition));
            }
        }

        if (isEverythingExpired && group is { State: ClassicGroupState.Empty, PendingMembers.IsEmpty: true })
        {
            decision.Append(ClassicGroupRecords.WriteTombstone(groupId));
        }

        return true;
    }

    private static bool HasExpired(CommittedOffset offset, ClassicGroup? group, GroupOptions options, Instant now)
    {
        if (FindBaseTimestamp(offset, group) is not { } since)
        {
            return false;
        }

        return offset.ExpireTimestamp >= 0
            ? now.UnixMilliseconds >= offset.ExpireTimestamp
            : now.UnixMilliseconds - since >= options.OffsetsRetentionMilliseconds;
    }

    /// <summary>Since when the retention counts; null if the offset cannot expire now.</summary>
    private static long? FindBaseTimestamp(CommittedOffset offset, ClassicGroup? group) => group switch
    {
        null or { ProtocolType: null } => offset.CommitTimestamp,
        { State: ClassicGroupState.Empty } => group.StateChangedAt ?? offset.CommitTimestamp,
        { State: ClassicGroupState.Stable, UsesConsumerProtocol: true, SubscribedTopics: not null } => offset.CommitTimestamp,
        _ => null,
    };
}
