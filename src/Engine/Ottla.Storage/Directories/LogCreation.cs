using Ottla.Protocol;
using Ottla.Storage.Logs;

namespace Ottla.Storage.Directories;

/// <summary>What became of a request for a log.</summary>
/// <param name="Error">
/// <see cref="ErrorCode.None"/>; <see cref="ErrorCode.KafkaStorageError"/> when no directory can take it, or its files cannot be read;
/// <see cref="ErrorCode.InconsistentTopicId"/> when a log of that name belongs to another topic.
/// </param>
/// <param name="Log">The log, made or found; null on error.</param>
public readonly record struct LogCreation(ErrorCode Error, PartitionLog? Log);
