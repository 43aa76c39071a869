namespace Ottla.Records.Compression;

/// <summary>Over which bytes the checksum of an LZ4 frame's header is taken.</summary>
internal enum Lz4HeaderChecksum
{
    /// <summary>The frame descriptor, as LZ4's specification has it: message format v2 and v1.</summary>
    Specified,

    /// <summary>The frame's magic too, as Kafka before 0.10 had it: written in message format v0; readers take either (KIP-57).</summary>
    WithMagic,
}
