using Ottla.Protocol;

namespace Ottla.Client.Groups;

/// <summary>What a member has when a rebalance is over.</summary>
/// <param name="Identity">Who it is in the new generation.</param>
/// <param name="Partitions">What it reads.</param>
/// <param name="PartitionCounts">Where it is the leader, the topics that the group wants and how many partitions it knew of, 0 for a topic
/// that does not exist; else null.</param>
internal sealed record JoinOutcome(GroupMemberIdentity Identity, IReadOnlyList<TopicPartition> Partitions, Dictionary<string, int>? PartitionCounts);
