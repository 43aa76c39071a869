using Ottla.Protocol.Stored;

namespace Ottla.Core.Groups;

/// <summary>A classic group as it was when its generation became stable or empty, or its removal.</summary>
/// <param name="Key">The group.</param>
/// <param name="Value">Generation, protocol and members with their assignments; null removes the group (a tombstone).</param>
public sealed record GroupMetadataRecord(GroupMetadataKey Key, GroupMetadataValue? Value) : GroupRecord;
