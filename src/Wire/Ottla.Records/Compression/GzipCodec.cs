using System.IO.Compression;
using Ottla.Protocol;

namespace Ottla.Records.Compression;

/// <summary>gzip by the BCL. The stream is read in steps, so a bomb stops at the output's limit.</summary>
internal static class GzipCodec
{
    private const int StepBytes = 16 * 1024;

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
                    return ErrorCode.None;
                }

                output.Advance(count);
            }

            return gzip.ReadByte() < 0 ? ErrorCode.None : ErrorCode.MessageTooLarge;
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
}
