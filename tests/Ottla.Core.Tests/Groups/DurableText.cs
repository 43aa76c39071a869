using System.Globalization;
using System.Text;
using Ottla.Core.Groups.Classic;

namespace Ottla.Core.Tests.Groups;

/// <summary>What of a group has to survive a restart, as text.</summary>
internal static class DurableText
{
    public static string Of(ClassicGroup group)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{group.State} {group.GenerationId} {group.ProtocolType} {group.ProtocolName} {group.LeaderId} {group.StateChangedAt} topics ");
        text.AppendJoin(',', group.SubscribedTopics?.ToArray() ?? ["?"]);
        foreach (ClassicGroupMember member in group.Members.Values)
        {
            ReadOnlyMemory<byte> metadata = (group.ProtocolName is { } protocol ? member.MetadataFor(protocol) : null) ?? default;
            text.Append(CultureInfo.InvariantCulture, $"\n{member.MemberId} {member.GroupInstanceId} {member.ClientId} {member.ClientHost}");
            text.Append(CultureInfo.InvariantCulture, $" {member.SessionTimeoutMilliseconds} {member.RebalanceTimeoutMilliseconds}");
            text.Append(CultureInfo.InvariantCulture, $" {Convert.ToHexString(metadata.Span)} {Convert.ToHexString(member.Assignment.Span)}");
        }

        return text.ToString();
    }
}
