using Ottla.Protocol;

namespace Ottla.Storage.Logs;

/// <summary>The record that a lookup by time found.</summary>
public readonly record struct LogTimestamp
{
    /// <summary><see cref="ErrorCode.None"/>, <see cref="ErrorCode.CorruptMessage"/> or <see cref="ErrorCode.KafkaStorageError"/>.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The record's offset; -1 when there is no such record.</summary>
    public long Offset { get; init; }

    /// <summary>The record's own timestamp, in milliseconds since 1970; -1 when there is no such record.</summary>
    public long Timestamp { get; init; }

    /// <summary>The leader epoch under which it was written.</summary>
    public LeaderEpoch LeaderEpoch { get; init; }

    internal static LogTimestamp NotFound => Failed(ErrorCode.None);

    internal static LogTimestamp Failed(ErrorCode error) => new() { Error = error, Offset = -1, Timestamp = -1, LeaderEpoch = LeaderEpoch.None };
}
