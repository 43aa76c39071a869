using System.Collections.Immutable;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Groups.Classic;

/// <summary>Turns a classic group into its record and back.</summary>
internal static class ClassicGroupRecords
{
    /// <summary>The group as stored: its generation, and each member with its bytes for the chosen protocol and its assignment.</summary>
    public static GroupMetadataRecord Write(ClassicGroup group)
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = group.ProtocolType ?? "",
            Generation = group.GenerationId,
            Protocol = group.ProtocolName,
            Leader = group.LeaderId,
            CurrentStateTimestamp = group.StateChangedAt ?? -1,
        };
        foreach (ClassicGroupMember member in group.Members.Values.OrderBy(static member => member.JoinOrder))
        {
            value.Members.Add(new GroupMetadataValue.MemberMetadata
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                RebalanceTimeout = member.RebalanceTimeoutMilliseconds,
                SessionTimeout = member.SessionTimeoutMilliseconds,
                Subscription = (group.ProtocolName is { } protocol ? member.MetadataFor(protocol) : null) ?? default,
                Assignment = member.Assignment,
            });
        }

        return new GroupMetadataRecord(new GroupMetadataKey { Group = group.GroupId }, value);
    }

    /// <summary>The record of a group that was just created by its first member, which is not in it yet.</summary>
    public static GroupMetadataRecord WriteCreated(string groupId, Instant now) =>
        Write(ClassicGroup.CreateEmpty(groupId) with { StateChangedAt = now.UnixMilliseconds });

    public static GroupMetadataRecord WriteTombstone(string groupId) => new(new GroupMetadataKey { Group = groupId }, null);

    /// <summary>The group of a record. Nobody waits, and of each member's protocols only the chosen one is known.</summary>
    public static ClassicGroup Read(string groupId, GroupMetadataValue value)
    {
        var group = new ClassicGroup
        {
            GroupId = groupId,
            State = value.Members.Count == 0 ? ClassicGroupState.Empty : ClassicGroupState.Stable,
            GenerationId = value.Generation,
            ProtocolType = NullIfEmpty(value.ProtocolType),
            ProtocolName = NullIfEmpty(value.Protocol),
            LeaderId = NullIfEmpty(value.Leader),
            StateChangedAt = value.CurrentStateTimestamp == -1 ? null : value.CurrentStateTimestamp,
            NextJoinOrder = value.Members.Count,
        };
        ImmutableSortedDictionary<string, ClassicGroupMember>.Builder members = group.Members.ToBuilder();
        ImmutableSortedDictionary<string, string>.Builder staticMembers = group.StaticMembers.ToBuilder();
        for (int i = 0; i < value.Members.Count; i++)
        {
            ClassicGroupMember member = ReadMember(value.Members[i], value.Protocol, i);
            members[member.MemberId] = member;
            if (member.GroupInstanceId is { } instance)
            {
                staticMembers[instance] = member.MemberId;
            }
        }

        group = group with { Members = members.ToImmutable(), StaticMembers = staticMembers.ToImmutable() };
        return group with { SubscribedTopics = ConsumerSubscriptionReader.ReadTopics(group) };
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static ClassicGroupMember ReadMember(GroupMetadataValue.MemberMetadata member, string? protocol, int joinOrder) => new()
    {
        MemberId = member.MemberId,
        GroupInstanceId = member.GroupInstanceId,
        ClientId = member.ClientId,
        ClientHost = member.ClientHost,
        SessionTimeoutMilliseconds = member.SessionTimeout,

        // Version 0 of the record had no rebalance timeout: clients of that time rejoined within the session timeout.
        RebalanceTimeoutMilliseconds = member.RebalanceTimeout == -1 ? member.SessionTimeout : member.RebalanceTimeout,
        Protocols = protocol is null ? [] : [new MemberProtocol(protocol, member.Subscription.ToArray())],
        Assignment = member.Assignment.ToArray(),
        JoinOrder = joinOrder,
    };
}
