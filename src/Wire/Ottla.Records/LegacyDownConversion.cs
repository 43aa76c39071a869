using Ottla.Protocol;

namespace Ottla.Records;

/// <summary>What became of the batches that an old consumer fetched.</summary>
public readonly record struct LegacyDownConversion
{
    /// <summary>
    /// Why not even the first batch could be converted: <see cref="ErrorCode.UnsupportedCompressionType"/> for Zstandard,
    /// <see cref="ErrorCode.CorruptMessage"/> for records that cannot be read, <see cref="ErrorCode.MessageTooLarge"/> beyond the limits.
    /// </summary>
    public ErrorCode Error { get; init; }

    /// <summary>The message set, maybe empty, owned by the caller; null with an error.</summary>
    public PooledBuffer? Messages { get; init; }

    /// <summary>
    /// The offset after the last batch that was converted or left out. When <see cref="Messages"/> is empty a broker reads on from here,
    /// for the client would ask for the same offset for ever.
    /// </summary>
    public long NextOffset { get; init; }
}
