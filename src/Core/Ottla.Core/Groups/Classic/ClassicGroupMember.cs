using System.Collections.Immutable;

namespace Ottla.Core.Groups.Classic;

/// <summary>A member of a classic group. Immutable.</summary>
public sealed record ClassicGroupMember
{
    /// <summary>The id that the coordinator gave it.</summary>
    public required string MemberId { get; init; }

    /// <summary>The id that the user gave it (KIP-345); null for a dynamic member.</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary>The client id of its connection.</summary>
    public required string ClientId { get; init; }

    /// <summary>The address it connects from, as Kafka shows it (<c>/127.0.0.1</c>).</summary>
    public required string ClientHost { get; init; }

    /// <summary>How long it may stay silent.</summary>
    public required int SessionTimeoutMilliseconds { get; init; }

    /// <summary>How long a rebalance waits for it.</summary>
    public required int RebalanceTimeoutMilliseconds { get; init; }

    /// <summary>The protocols it supports, in its order of preference.</summary>
    public required ImmutableArray<MemberProtocol> Protocols { get; init; }

    /// <summary>What the leader assigned to it; opaque.</summary>
    public ReadOnlyMemory<byte> Assignment { get; init; }

    /// <summary>Rises with every member that joins: the oldest member leads when the leader is gone.</summary>
    public long JoinOrder { get; init; }

    /// <summary>Whether its first JoinGroup is still unanswered.</summary>
    public bool IsNew { get; init; }

    /// <summary>The JoinGroup request that waits for the next generation.</summary>
    public RequestToken? WaitingJoin { get; init; }

    /// <summary>The SyncGroup request that waits for the leader's assignment.</summary>
    public RequestToken? WaitingSync { get; init; }

    /// <summary>Whether it has not yet sent SyncGroup in this generation.</summary>
    public bool OwesSync { get; init; }

    /// <summary>When its session ends, on the monotonic clock.</summary>
    public long SessionDeadline { get; init; }

    /// <summary>Whether the session cannot end because the member waits for us. A new member can vanish unseen, so its wait is bounded.</summary>
    public bool IsHeldByUs => !IsNew && (WaitingJoin is not null || WaitingSync is not null);

    /// <summary>Its bytes for a protocol; null if it does not support it.</summary>
    public ReadOnlyMemory<byte>? MetadataFor(string protocolName)
    {
        foreach (MemberProtocol protocol in Protocols)
        {
            if (protocol.Name == protocolName)
            {
                return protocol.Metadata;
            }
        }

        return null;
    }

    /// <summary>Whether the protocols are those it joined with, bytes included.</summary>
    public bool Supports(ImmutableArray<MemberProtocol> protocols)
    {
        if (protocols.Length != Protocols.Length)
        {
            return false;
        }

        for (int i = 0; i < protocols.Length; i++)
        {
            if (protocols[i].Name != Protocols[i].Name || !protocols[i].Metadata.Span.SequenceEqual(Protocols[i].Metadata.Span))
            {
                return false;
            }
        }

        return true;
    }
}
