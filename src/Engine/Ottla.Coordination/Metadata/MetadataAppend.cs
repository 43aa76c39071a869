using Ottla.Protocol;

namespace Ottla.Coordination.Metadata;

/// <summary>What became of an append to the metadata log.</summary>
/// <param name="Error">
/// <see cref="ErrorCode.None"/>; <see cref="ErrorCode.NotController"/> when another epoch has begun, <see cref="ErrorCode.KafkaStorageError"/>
/// when the log takes nothing. A batch that was refused leaves nothing behind.
/// </param>
/// <param name="LastOffset">The offset of the last record; -1 when refused.</param>
public readonly record struct MetadataAppend(ErrorCode Error, long LastOffset);
