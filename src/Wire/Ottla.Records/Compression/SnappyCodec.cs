using System.Buffers.Binary;
using Ottla.Protocol;
using Snappier;

namespace Ottla.Records.Compression;

/// <summary>
/// Snappy in the framing of the xerial library, as the Java client writes it: a magic, two versions, then blocks with a length each.
/// Other clients send one bare block, which is read too.
/// </summary>
internal static class SnappyCodec
{
    private const int BlockBytes = 32 * 1024;
    private const int HeaderBytes = 16;
    private const int Version = 1;

    // The longest copy is 64 bytes from 3; a block that claims more than this is refused before memory is taken for it.
    private const int MaxRatio = 22;

    private static ReadOnlySpan<byte> Magic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    public static ErrorCode Decompress(ReadOnlySpan<byte> source, bool isTrusted, PooledOutput output) =>
        source.StartsWith(Magic) ? DecompressFramed(source, isTrusted, output) : DecompressBlock(source, isTrusted, output);

    public static void Compress(ReadOnlySpan<byte> source, PooledOutput output)
    {
        Span<byte> header = output.GetRoom(HeaderBytes);
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32BigEndian(header[12..], Version);
        output.Advance(HeaderBytes);
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> block = source[..Math.Min(BlockBytes, source.Length)];
            Span<byte> room = output.GetRoom(sizeof(int) + Snappy.GetMaxCompressedLength(block.Length));
            int written = Snappy.Compress(block, room[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(room, written);
            output.Advance(sizeof(int) + written);
            source = source[block.Length..];
        }
    }

    private static ErrorCode DecompressFramed(ReadOnlySpan<byte> source, bool isTrusted, PooledOutput output)
    {
        while (!source.IsEmpty)
        {
            // Streams may follow one another, each with its header.
            if (source.StartsWith(Magic))
            {
                if (source.Length < HeaderBytes || BinaryPrimitives.ReadInt32BigEndian(source[12..]) < Version)
                {
                    return ErrorCode.CorruptMessage;
                }

                source = source[HeaderBytes..];
                continue;
            }

            if (source.Length < sizeof(int))
            {
                return ErrorCode.CorruptMessage;
            }

            int length = BinaryPrimitives.ReadInt32BigEndian(source);
            source = source[sizeof(int)..];
            if ((uint)length > (uint)source.Length)
            {
                return ErrorCode.CorruptMessage;
            }

            ErrorCode error = DecompressBlock(source[..length], isTrusted, output);
            if (error != ErrorCode.None)
            {
                return error;
            }

            source = source[length..];
        }

        return ErrorCode.None;
    }

    private static ErrorCode DecompressBlock(ReadOnlySpan<byte> block, bool isTrusted, PooledOutput output)
    {
        try
        {
            int claimed = Snappy.GetUncompressedLength(block);
            if (claimed < 0 || claimed > (long)block.Length * MaxRatio)
            {
                return ErrorCode.CorruptMessage;
            }

            if (claimed > output.Allowed)
            {
                return ErrorCode.MessageTooLarge;
            }

            if (!isTrusted && !SnappyBlock.IsWellFormed(block, claimed))
            {
                return ErrorCode.CorruptMessage;
            }

            int written = Snappy.Decompress(block, output.GetRoom(claimed)[..claimed]);
            output.Advance(written);
            return written == claimed ? ErrorCode.None : ErrorCode.CorruptMessage;
        }
        catch (Exception failure) when (failure is InvalidDataException or ArgumentException)
        {
            return ErrorCode.CorruptMessage;
        }
    }
}
