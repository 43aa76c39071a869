using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Classic;

/// <summary>The answers to members of classic groups.</summary>
internal static class ClassicGroupAnswers
{
    private const int NoGeneration = -1;

    public static JoinGroupResponse JoinFailed(string memberId, ErrorCode error) => new()
    {
        ErrorCode = error,
        MemberId = memberId,
        GenerationId = NoGeneration,
        ProtocolName = null,
    };

    /// <summary>The generation as a member sees it: the leader alone gets the members, whose bytes it needs to assign.</summary>
    public static JoinGroupResponse Joined(ClassicGroup group, string memberId) => new()
    {
        MemberId = memberId,
        GenerationId = group.GenerationId,
        ProtocolType = group.ProtocolType,
        ProtocolName = group.ProtocolName,
        Leader = group.LeaderId ?? "",
        Members = group.LeaderId == memberId ? ListMembers(group) : [],
    };

    /// <summary>The generation without members, also for the leader.</summary>
    public static JoinGroupResponse JoinedAsFollower(ClassicGroup group, string memberId, string leaderId) => new()
    {
        MemberId = memberId,
        GenerationId = group.GenerationId,
        ProtocolType = group.ProtocolType,
        ProtocolName = group.ProtocolName,
        Leader = leaderId,
    };

    public static SyncGroupResponse SyncFailed(ErrorCode error) => new() { ErrorCode = error };

    public static SyncGroupResponse Synced(ClassicGroup group, ClassicGroupMember member) => new()
    {
        ProtocolType = group.ProtocolType,
        ProtocolName = group.ProtocolName,
        Assignment = member.Assignment,
    };

    private static List<JoinGroupResponse.JoinGroupResponseMember> ListMembers(ClassicGroup group)
    {
        string protocol = group.ProtocolName ?? throw new InvalidOperationException($"Group {group.GroupId} has members but no protocol.");
        var members = new List<JoinGroupResponse.JoinGroupResponseMember>(group.Members.Count);
        foreach (ClassicGroupMember member in group.Members.Values)
        {
            members.Add(new JoinGroupResponse.JoinGroupResponseMember
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                Metadata = member.MetadataFor(protocol) ?? default,
            });
        }

        return members;
    }
}
