using System.Buffers.Binary;
using System.IO.Hashing;

namespace Ottla.Records.Compression;

/// <summary>What the header of an LZ4 frame says of the frame.</summary>
internal readonly record struct Lz4FrameHeader
{
    private const uint FrameMagic = 0x184D_2204;
    private const int MagicBytes = sizeof(uint);
    private const int LargestBytes = MagicBytes + 2 + sizeof(ulong) + 1;

    private const byte VersionMask = 0xC0;
    private const byte VersionOne = 0x40;
    private const byte IndependentFlag = 0x20;
    private const byte BlockChecksumFlag = 0x10;
    private const byte ContentSizeFlag = 0x08;
    private const byte ContentChecksumFlag = 0x04;
    private const byte ReservedFlag = 0x02;
    private const byte DictionaryFlag = 0x01;
    private const byte BlocksOf64KiB = 0x40;

    public int SizeInBytes { get; private init; }

    public int MaxBlockBytes { get; private init; }

    public bool HasLinkedBlocks { get; private init; }

    public bool HasBlockChecksums { get; private init; }

    public bool HasContentChecksum { get; private init; }

    public ulong? ContentSize { get; private init; }

    public static bool TryRead(ReadOnlySpan<byte> source, Lz4HeaderChecksum checksum, out Lz4FrameHeader header)
    {
        header = default;
        if (source.Length < MagicBytes + 3 || BinaryPrimitives.ReadUInt32LittleEndian(source) != FrameMagic)
        {
            return false;
        }

        byte flags = source[MagicBytes];
        byte blockDescriptor = source[MagicBytes + 1];
        int sizeId = (blockDescriptor >> 4) & 7;
        bool hasContentSize = (flags & ContentSizeFlag) != 0;
        int checksumAt = MagicBytes + 2 + (hasContentSize ? sizeof(ulong) : 0);
        if ((flags & VersionMask) != VersionOne
            || (flags & (ReservedFlag | DictionaryFlag)) != 0
            || (blockDescriptor & 0x8F) != 0
            || sizeId < 4
            || source.Length <= checksumAt
            || !ChecksumMatches(source, checksumAt, checksum))
        {
            return false;
        }

        header = new Lz4FrameHeader
        {
            SizeInBytes = checksumAt + 1,
            MaxBlockBytes = 1 << (8 + (2 * sizeId)),
            HasLinkedBlocks = (flags & IndependentFlag) == 0,
            HasBlockChecksums = (flags & BlockChecksumFlag) != 0,
            HasContentChecksum = (flags & ContentChecksumFlag) != 0,
            ContentSize = hasContentSize ? BinaryPrimitives.ReadUInt64LittleEndian(source[(MagicBytes + 2)..]) : null,
        };
        return true;
    }

    /// <summary>Writes the header of a frame with independent blocks of 64 KiB and no checksums.</summary>
    public static void Write(PooledOutput output, Lz4HeaderChecksum checksum)
    {
        Span<byte> header = output.GetRoom(LargestBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header, FrameMagic);
        header[MagicBytes] = VersionOne | IndependentFlag;
        header[MagicBytes + 1] = BlocksOf64KiB;
        int start = checksum == Lz4HeaderChecksum.WithMagic ? 0 : MagicBytes;
        header[MagicBytes + 2] = ChecksumOf(header[start..(MagicBytes + 2)]);
        output.Advance(MagicBytes + 3);
    }

    private static bool ChecksumMatches(ReadOnlySpan<byte> source, int checksumAt, Lz4HeaderChecksum checksum) =>
        ChecksumOf(source[MagicBytes..checksumAt]) == source[checksumAt]
        || (checksum == Lz4HeaderChecksum.WithMagic && ChecksumOf(source[..checksumAt]) == source[checksumAt]);

    private static byte ChecksumOf(ReadOnlySpan<byte> bytes) => (byte)(XxHash32.HashToUInt32(bytes) >> 8);
}
