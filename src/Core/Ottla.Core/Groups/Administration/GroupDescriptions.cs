using Ottla.Core.Groups.Classic;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Administration;

/// <summary>How groups are shown.</summary>
internal static class GroupDescriptions
{
    private const short FirstVersionThatKnowsGroupIdNotFound = 6;
    private const string ClassicType = "classic";

    /// <summary>Whether the filters let the group through; names are compared without case, and an empty filter lets all through.</summary>
    public static bool Matches(ListGroupsRequest request, ClassicGroup group) =>
        (request.StatesFilter.Count == 0 || request.StatesFilter.Contains(group.State.ToString(), StringComparer.OrdinalIgnoreCase))
        && (request.TypesFilter.Count == 0 || request.TypesFilter.Contains(ClassicType, StringComparer.OrdinalIgnoreCase));

    public static ListGroupsResponse.ListedGroup List(ClassicGroup group) => new()
    {
        GroupId = group.GroupId,
        ProtocolType = group.ProtocolType ?? "",
        GroupState = group.State.ToString(),
        GroupType = ClassicType,
    };

    public static DescribeGroupsResponse.DescribedGroup Describe(ClassicGroup group)
    {
        // Bytes for a protocol exist only while one is agreed on.
        string? protocol = group.State == ClassicGroupState.Stable ? group.ProtocolName : null;
        var described = new DescribeGroupsResponse.DescribedGroup
        {
            GroupId = group.GroupId,
            GroupState = group.State.ToString(),
            ProtocolType = group.ProtocolType ?? "",
            ProtocolData = protocol ?? "",
        };
        foreach (ClassicGroupMember member in group.Members.Values)
        {
            described.Members.Add(new DescribeGroupsResponse.DescribedGroupMember
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                MemberMetadata = (protocol is null ? null : member.MetadataFor(protocol)) ?? default,
                MemberAssignment = member.Assignment,
            });
        }

        return described;
    }

    public static DescribeGroupsResponse.DescribedGroup DescribeMissing(string groupId, short apiVersion)
    {
        bool isError = apiVersion >= FirstVersionThatKnowsGroupIdNotFound;
        return new DescribeGroupsResponse.DescribedGroup
        {
            GroupId = groupId,
            GroupState = nameof(ClassicGroupState.Dead),
            ErrorCode = isError ? ErrorCode.GroupIdNotFound : ErrorCode.None,
            ErrorMessage = isError ? $"Group {groupId} not found." : null,
        };
    }
}
