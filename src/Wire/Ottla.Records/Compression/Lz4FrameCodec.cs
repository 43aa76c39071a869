using System.Buffers.Binary;
using System.IO.Hashing;
using K4os.Compression.LZ4;
using Ottla.Protocol;

namespace Ottla.Records.Compression;

/// <summary>
/// LZ4's frame format, written as the Java client writes it: independent blocks of 64 KiB without checksums. Any valid frame is read:
/// linked blocks, block and content checksums, content sizes, frames one after the other; dictionaries are refused.
/// </summary>
internal static class Lz4FrameCodec
{
    private const int BlockBytes = 64 * 1024;
    private const int MaxRatio = 255;
    private const uint StoredFlag = 0x8000_0000;

    public static ErrorCode Decompress(ReadOnlySpan<byte> source, Lz4HeaderChecksum checksum, bool isTrusted, PooledOutput output)
    {
        do
        {
            if (!Lz4FrameHeader.TryRead(source, checksum, out Lz4FrameHeader header))
            {
                return ErrorCode.CorruptMessage;
            }

            source = source[header.SizeInBytes..];
            ErrorCode error = DecompressFrame(ref source, header, isTrusted, output);
            if (error != ErrorCode.None)
            {
                return error;
            }
        }
        while (!source.IsEmpty);
        return ErrorCode.None;
    }

    public static void Compress(ReadOnlySpan<byte> source, int level, Lz4HeaderChecksum checksum, PooledOutput output)
    {
        Lz4FrameHeader.Write(output, checksum);
        LZ4Level strength = ToLibraryLevel(level);
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> block = source[..Math.Min(BlockBytes, source.Length)];
            CompressBlock(block, strength, output);
            source = source[block.Length..];
        }

        Span<byte> endMark = output.GetRoom(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(endMark, 0);
        output.Advance(sizeof(uint));
    }

    // Kafka's default level 9 stands for LZ4's fast mode; every other asks for the high-compression one, which ends at 12 here.
    private static LZ4Level ToLibraryLevel(int level) =>
        level == RecordCompression.DefaultLz4Level
            ? LZ4Level.L00_FAST
            : (LZ4Level)Math.Clamp(level, (int)LZ4Level.L03_HC, (int)LZ4Level.L12_MAX);

    private static void CompressBlock(ReadOnlySpan<byte> block, LZ4Level level, PooledOutput output)
    {
        Span<byte> room = output.GetRoom(sizeof(uint) + LZ4Codec.MaximumOutputSize(block.Length));
        Span<byte> body = room[sizeof(uint)..];
        int written = LZ4Codec.Encode(block, body, level);
        uint mark = (uint)written;
        if (written <= 0 || written >= block.Length)
        {
            block.CopyTo(body);
            written = block.Length;
            mark = (uint)written | StoredFlag;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(room, mark);
        output.Advance(sizeof(uint) + written);
    }

    private static ErrorCode DecompressFrame(ref ReadOnlySpan<byte> source, Lz4FrameHeader header, bool isTrusted, PooledOutput output)
    {
        int frameStart = output.Written.Length;
        while (BinaryPrimitives.TryReadUInt32LittleEndian(source, out uint mark))
        {
            source = source[sizeof(uint)..];
            if (mark == 0)
            {
                return EndFrame(ref source, header, output.Written[frameStart..]);
            }

            int length = (int)(mark & ~StoredFlag);
            if (length > header.MaxBlockBytes || length + (header.HasBlockChecksums ? sizeof(uint) : 0) > source.Length)
            {
                return ErrorCode.CorruptMessage;
            }

            ReadOnlySpan<byte> block = source[..length];
            source = source[length..];
            if (header.HasBlockChecksums && !TryTakeChecksum(ref source, block))
            {
                return ErrorCode.CorruptMessage;
            }

            ErrorCode error = (mark & StoredFlag) != 0
                ? output.TryAppend(block) ? ErrorCode.None : ErrorCode.MessageTooLarge
                : DecompressBlock(block, header, isTrusted, frameStart, output);
            if (error != ErrorCode.None)
            {
                return error;
            }
        }

        return ErrorCode.CorruptMessage;
    }

    private static ErrorCode DecompressBlock(
        ReadOnlySpan<byte> block, Lz4FrameHeader header, bool isTrusted, int frameStart, PooledOutput output)
    {
        int historyLength = header.HasLinkedBlocks ? Math.Min(BlockBytes, output.Written.Length - frameStart) : 0;
        long bound = Math.Min(header.MaxBlockBytes, (long)block.Length * MaxRatio);
        if (!isTrusted && (!Lz4Block.IsWellFormed(block, historyLength, out bound) || bound > header.MaxBlockBytes))
        {
            return ErrorCode.CorruptMessage;
        }

        // Room may move what is written, so the history is looked up after it.
        Span<byte> room = output.GetRoom((int)bound);
        room = room[..(int)Math.Min(bound, room.Length)];
        int written = historyLength == 0
            ? LZ4Codec.Decode(block, room)
            : LZ4Codec.Decode(block, room, output.Written[^historyLength..]);
        if (written < 0)
        {
            return room.Length < bound ? ErrorCode.MessageTooLarge : ErrorCode.CorruptMessage;
        }

        output.Advance(written);
        return ErrorCode.None;
    }

    private static ErrorCode EndFrame(ref ReadOnlySpan<byte> source, Lz4FrameHeader header, ReadOnlySpan<byte> content)
    {
        bool isWhole = (header.ContentSize is not { } size || size == (ulong)content.Length)
            && (!header.HasContentChecksum || TryTakeChecksum(ref source, content));
        return isWhole ? ErrorCode.None : ErrorCode.CorruptMessage;
    }

    private static bool TryTakeChecksum(ref ReadOnlySpan<byte> source, ReadOnlySpan<byte> bytes)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(source, out uint stated))
        {
            return false;
        }

        source = source[sizeof(uint)..];
        return stated == XxHash32.HashToUInt32(bytes);
    }
}
