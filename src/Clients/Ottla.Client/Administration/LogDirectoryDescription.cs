using Ottla.Protocol;

namespace Ottla.Client.Administration;

/// <summary>One of a broker's data directories.</summary>
/// <param name="Path">Where it is on the broker.</param>
/// <param name="Error">Whether it is usable.</param>
/// <param name="TotalBytes">The size of its volume; -1 if the broker does not say.</param>
/// <param name="UsableBytes">What is free there; -1 if the broker does not say.</param>
/// <param name="PartitionBytes">The bytes of each partition in it.</param>
public sealed record LogDirectoryDescription(
    string Path, ErrorCode Error, long TotalBytes, long UsableBytes, IReadOnlyDictionary<TopicPartition, long> PartitionBytes);
