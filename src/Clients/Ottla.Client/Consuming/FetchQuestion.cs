using Ottla.Protocol;

namespace Ottla.Client.Consuming;

/// <summary>One partition in a fetch request, as it was when the request was put together.</summary>
/// <param name="State">The partition.</param>
/// <param name="Version">Its version then.</param>
/// <param name="Offset">The offset to read from.</param>
/// <param name="LeaderEpoch">The epoch of the leader that is asked.</param>
/// <param name="TopicId">The topic's id, or none.</param>
internal sealed record FetchQuestion(PartitionFetchState State, int Version, long Offset, LeaderEpoch LeaderEpoch, TopicId TopicId);
