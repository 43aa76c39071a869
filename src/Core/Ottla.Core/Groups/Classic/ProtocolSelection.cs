using System.Collections.Immutable;

namespace Ottla.Core.Groups.Classic;

/// <summary>Which protocols a group can agree on.</summary>
internal static class ProtocolSelection
{
    /// <summary>
    /// The protocol with most votes among those that every member supports; each member votes for the first of them in its own order.
    /// Among equals the one that the oldest member prefers, so that the choice does not depend on chance.
    /// </summary>
    public static string Select(ClassicGroup group)
    {
        var votes = new Dictionary<string, int>(StringComparer.Ordinal);
        HashSet<string> candidates = FindSupportedByAll(group.Members.Values);
        ClassicGroupMember[] byAge = [.. group.Members.Values.OrderBy(static member => member.JoinOrder)];
        string? winner = null;
        foreach (ClassicGroupMember member in byAge)
        {
            foreach (MemberProtocol protocol in member.Protocols)
            {
                if (candidates.Contains(protocol.Name))
                {
                    votes[protocol.Name] = votes.GetValueOrDefault(protocol.Name) + 1;
                    break;
                }
            }
        }

        // Votes were counted from the oldest member on, so the first to hold a count is the one that the older members prefer.
        foreach ((string name, int count) in votes)
        {
            if (winner is null || count > votes[winner])
            {
                winner = name;
            }
        }

        return winner ?? throw new InvalidOperationException($"The members of group {group.GroupId} share no protocol.");
    }

    /// <summary>Whether a member with these protocols can be in the group: same type, and one protocol that everyone supports.</summary>
    public static bool CanJoin(ClassicGroup group, string protocolType, ImmutableArray<MemberProtocol> protocols)
    {
        if (group.State == ClassicGroupState.Empty)
        {
            return protocolType.Length > 0 && protocols.Length > 0;
        }

        return group.ProtocolType == protocolType
            && FindSupportedByAll(group.Members.Values) is var common
            && protocols.Any(protocol => group.Members.IsEmpty || common.Contains(protocol.Name));
    }

    private static HashSet<string> FindSupportedByAll(IEnumerable<ClassicGroupMember> members)
    {
        HashSet<string>? common = null;
        foreach (ClassicGroupMember member in members)
        {
            IEnumerable<string> names = member.Protocols.Select(static protocol => protocol.Name);
            if (common is null)
            {
                common = new HashSet<string>(names, StringComparer.Ordinal);
            }
            else
            {
                common.IntersectWith(names);
            }
        }

        return common ?? [];
    }
}
