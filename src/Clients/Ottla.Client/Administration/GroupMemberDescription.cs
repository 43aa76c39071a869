using Ottla.Protocol;

namespace Ottla.Client.Administration;

/// <summary>A member of a group.</summary>
/// <param name="MemberId">The id that the coordinator gave it.</param>
/// <param name="GroupInstanceId">A static member's name, or null.</param>
/// <param name="ClientId">What it calls itself.</param>
/// <param name="ClientHost">Where it connects from.</param>
/// <param name="Assignment">Its partitions; empty if its protocol is not that of consumers.</param>
public sealed record GroupMemberDescription(
    string MemberId, string? GroupInstanceId, string ClientId, string ClientHost, IReadOnlyList<TopicPartition> Assignment);
