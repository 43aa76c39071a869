using System.Collections.Immutable;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Classic;

/// <summary>
/// Reads the topics out of a consumer's subscription. The bytes come from a client and may be anything: what cannot be read makes
/// the subscription unknown and nothing else. Only offset expiry and OffsetDelete ask; joining never does.
/// </summary>
internal static class ConsumerSubscriptionReader
{
    /// <summary>The topics of all members for the group's protocol; null when they cannot be known.</summary>
    public static ImmutableSortedSet<string>? ReadTopics(ClassicGroup group)
    {
        if (!group.UsesConsumerProtocol)
        {
            return null;
        }

        ImmutableSortedSet<string>.Builder topics = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        if (group.Members.IsEmpty)
        {
            return topics.ToImmutable();
        }

        if (group.ProtocolName is not { } protocol)
        {
            return null;
        }

        foreach (ClassicGroupMember member in group.Members.Values)
        {
            if (member.MetadataFor(protocol) is not { } metadata || !TryAddTopics(metadata, topics))
            {
                return null;
            }
        }

        return topics.ToImmutable();
    }

    private static bool TryAddTopics(ReadOnlyMemory<byte> metadata, ImmutableSortedSet<string>.Builder topics)
    {
        try
        {
            var reader = new ProtocolReader(metadata);
            short version = reader.ReadInt16();
            if (version < ConsumerProtocolSubscription.Versions.Lowest)
            {
                return false;
            }

            // A newer version only adds fields at the end (the protocol's own rule), so it is read as far as it is known.
            short known = Math.Min(version, ConsumerProtocolSubscription.Versions.Highest);
            topics.UnionWith(ConsumerProtocolSubscription.Read(ref reader, known).Topics);
            return true;
        }
        catch (MalformedMessageException)
        {
            return false;
        }
    }
}
