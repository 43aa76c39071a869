namespace Ottla.Records;

/// <summary>How the records of a batch are compressed: the three low bits of the batch's attributes.</summary>
public enum CompressionCodec : byte
{
    /// <summary>Not compressed.</summary>
    None = 0,

    /// <summary>gzip, RFC 1952.</summary>
    Gzip = 1,

    /// <summary>Snappy, in the framing of the xerial library.</summary>
    Snappy = 2,

    /// <summary>LZ4 in its frame format.</summary>
    Lz4 = 3,

    /// <summary>Zstandard (KIP-110).</summary>
    Zstd = 4,
}
