using Ottla.Protocol.Stored;

namespace Ottla.Core.Groups;

/// <summary>A committed offset of one partition, or its removal.</summary>
/// <param name="Key">Group, topic and partition.</param>
/// <param name="Value">The offset; null removes it (a tombstone).</param>
public sealed record OffsetCommitRecord(OffsetCommitKey Key, OffsetCommitValue? Value) : GroupRecord;
