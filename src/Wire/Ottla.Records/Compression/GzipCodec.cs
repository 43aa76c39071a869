using System.Buffers.Binary;
using System.IO.Compression;
using Ottla.Protocol;

namespace Ottla.Records.Compression;

/// <summary>gzip by the BCL. The stream is read in steps, so a bomb stops at the output's limit.</summary>
internal static class GzipCodec
{
    private const int StepBytes = 16 * 1024;
    private const int SmallestMemberBytes = 18;

    private static ReadOnlySpan<byte> MemberStart => [0x1F, 0x8B, 8];

    public static ErrorCode Decompress(ReadOnlyMemory<byte> source, PooledOutput output)
    {
        using var compressed = new ReadOnlyMemoryStream(source);
        using var gzip = new GZipStream(compressed, CompressionMode.Decompress);
        try
        {
            while (output.Allowed > 0)
            {
                int count = gzip.Read(output.GetRoom(StepBytes));
                if (count == 0)
                {
                    return EndsWhole(source.Span, output.Written.Length) ? ErrorCode.None : ErrorCode.CorruptMessage;
                }

                output.Advance(count);
            }

            return gzip.ReadByte() >= 0 ? ErrorCode.MessageTooLarge
                : EndsWhole(source.Span, output.Written.Length) ? ErrorCode.None
                : ErrorCode.CorruptMessage;
        }
        catch (InvalidDataException)
        {
            return ErrorCode.CorruptMessage;
        }
    }

    public static void Compress(ReadOnlySpan<byte> source, int level, PooledOutput output)
    {
        using var compressed = new PooledOutputStream(output);
        using var gzip = new GZipStream(compressed, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true);
        gzip.Write(source);
    }

    // GZipStream takes cut input for complete, and other clients do not. The last bytes of a member state its size; where several members
    // follow one another, which no producer is known to write, that of the last says nothing about the whole.
    private static bool EndsWhole(ReadOnlySpan<byte> source, int length) =>
        source.Length >= SmallestMemberBytes
        && (BinaryPrimitives.ReadInt32LittleEndian(source[^sizeof(int)..]) == length
            || source[SmallestMemberBytes..].IndexOf(MemberStart) >= 0);
}
