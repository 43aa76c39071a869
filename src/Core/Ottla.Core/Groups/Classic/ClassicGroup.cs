using System.Collections.Immutable;

namespace Ottla.Core.Groups.Classic;

/// <summary>
/// A classic consumer group: who is in it, which generation it is in and who waits for what. Immutable, so that a command can be
/// decided on a copy and applied as a whole. Members are kept sorted by id: nothing that leaves the machine depends on hash order.
/// </summary>
public sealed record ClassicGroup
{
    /// <summary>The type of protocol that consumers use; others (Kafka Connect's) are opaque to the coordinator.</summary>
    public const string ConsumerProtocolType = "consumer";

    private static readonly ImmutableSortedDictionary<string, ClassicGroupMember> NoMembers =
        ImmutableSortedDictionary.Create<string, ClassicGroupMember>(StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, string> NoStaticMembers =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, long> NoPendingMembers =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>The group's id.</summary>
    public required string GroupId { get; init; }

    /// <summary>The state it is in.</summary>
    public ClassicGroupState State { get; init; }

    /// <summary>Rises with every rebalance.</summary>
    public int GenerationId { get; init; }

    /// <summary>The type of protocol of all members, such as <c>consumer</c> or <c>connect</c>; null before the first one.</summary>
    public string? ProtocolType { get; init; }

    /// <summary>The protocol that the members of this generation agreed on.</summary>
    public string? ProtocolName { get; init; }

    /// <summary>The member that assigns.</summary>
    public string? LeaderId { get; init; }

    /// <summary>When the state last changed, milliseconds since 1970; null if an old record did not say.</summary>
    public long? StateChangedAt { get; init; }

    /// <summary>The members by id.</summary>
    public ImmutableSortedDictionary<string, ClassicGroupMember> Members { get; init; } = NoMembers;

    /// <summary>The member ids of static members by instance id.</summary>
    public ImmutableSortedDictionary<string, string> StaticMembers { get; init; } = NoStaticMembers;

    /// <summary>Members that were given an id (KIP-394) and have not come back with it, with the time until which they may.</summary>
    public ImmutableSortedDictionary<string, long> PendingMembers { get; init; } = NoPendingMembers;

    /// <summary>The <see cref="ClassicGroupMember.JoinOrder"/> of the next member.</summary>
    public long NextJoinOrder { get; init; }

    /// <summary>Set while the group prepares a rebalance.</summary>
    public JoinPhase? JoinPhase { get; init; }

    /// <summary>Until when the members of this generation must have sent SyncGroup, on the monotonic clock; null when all have.</summary>
    public long? SyncDeadline { get; init; }

    /// <summary>The topics that the members consume; null when the coordinator cannot know.</summary>
    public ImmutableSortedSet<string>? SubscribedTopics { get; init; }

    /// <summary>Whether the members are consumers.</summary>
    public bool UsesConsumerProtocol => ProtocolType == ConsumerProtocolType;

    /// <summary>Whether a rebalance may begin from this state.</summary>
    public bool CanRebalance =>
        State is ClassicGroupState.Empty or ClassicGroupState.Stable or ClassicGroupState.CompletingRebalance;

    /// <summary>How long a rebalance waits: as long as its most patient member.</summary>
    public int RebalanceTimeoutMilliseconds
    {
        get
        {
            int timeout = 0;
            foreach (ClassicGroupMember member in Members.Values)
            {
                timeout = Math.Max(timeout, member.RebalanceTimeoutMilliseconds);
            }

            return timeout;
        }
    }

    /// <summary>Whether every member waits for the next generation and none is expected to come.</summary>
    public bool HasAllMembersJoined => PendingMembers.IsEmpty && CountWaitingJoins() == Members.Count;

    /// <summary>A group without members.</summary>
    public static ClassicGroup CreateEmpty(string groupId) => new() { GroupId = groupId };

    /// <summary>Whether consumers of the group read the topic. When it cannot be known, consumers are taken to.</summary>
    public bool IsSubscribedTo(string topic) => SubscribedTopics?.Contains(topic) ?? UsesConsumerProtocol;

    /// <summary>How many members wait for the next generation.</summary>
    public int CountWaitingJoins()
    {
        int count = 0;
        foreach (ClassicGroupMember member in Members.Values)
        {
            count += member.WaitingJoin is null ? 0 : 1;
        }

        return count;
    }

    /// <summary>The member that joined first among those that the filter accepts.</summary>
    internal ClassicGroupMember? FindOldestMember(Func<ClassicGroupMember, bool> accepts)
    {
        ClassicGroupMember? oldest = null;
        foreach (ClassicGroupMember member in Members.Values)
        {
            if (accepts(member) && (oldest is null || member.JoinOrder < oldest.JoinOrder))
            {
                oldest = member;
            }
        }

        return oldest;
    }
}
