using Ottla.Protocol;

namespace Ottla.Storage.Logs;

/// <summary>What a read found.</summary>
public readonly record struct LogRead
{
    /// <summary>
    /// <see cref="ErrorCode.None"/>, <see cref="ErrorCode.OffsetOutOfRange"/> below the log's start or past its end,
    /// <see cref="ErrorCode.CorruptMessage"/> where no batch stands, or <see cref="ErrorCode.KafkaStorageError"/>.
    /// </summary>
    public ErrorCode Error { get; init; }

    /// <summary>Where <see cref="Records"/> lie; the caller disposes it once. Null when there are no records.</summary>
    public PooledBuffer? Buffer { get; init; }

    /// <summary>Whole batches; the first may begin before the offset that was asked for.</summary>
    public ReadOnlyMemory<byte> Records { get; init; }

    /// <summary>The offset after the last batch, where the next read goes on; the offset asked for when there are no records.</summary>
    public long NextOffset { get; init; }

    /// <summary>Where the log began at this moment.</summary>
    public long LogStartOffset { get; init; }
}
