using Ottla.Protocol;
using ZstdSharp;

namespace Ottla.Records.Compression;

/// <summary>
/// Zstandard by ZstdSharp. Frames are decompressed in one step into room for what their blocks can hold at most, so the window that a
/// frame claims is never allocated. Contexts are kept for each thread, but for those of high levels, which take tens of megabytes.
/// </summary>
internal static class ZstdCodec
{
    private const int HighestKeptLevel = 9;

    [ThreadStatic]
    private static Decompressor? _decompressor;

    [ThreadStatic]
    private static Compressor? _compressor;

    public static ErrorCode Decompress(ReadOnlySpan<byte> source, PooledOutput output)
    {
        try
        {
            // An upper bound from the headers of frames and blocks; nothing is decompressed for it.
            ulong bound = Decompressor.GetDecompressedSize(source);
            Span<byte> room = output.GetRoom((int)Math.Min(bound, (ulong)output.Allowed));
            _decompressor ??= new Decompressor();
            if (!_decompressor.TryUnwrap(source, room, out int written))
            {
                return (ulong)room.Length < bound ? ErrorCode.MessageTooLarge : ErrorCode.CorruptMessage;
            }

            output.Advance(written);
            return ErrorCode.None;
        }
        catch (ZstdException)
        {
            return ErrorCode.CorruptMessage;
        }
    }

    public static void Compress(ReadOnlySpan<byte> source, int level, PooledOutput output)
    {
        if (level > HighestKeptLevel)
        {
            using var compressor = new Compressor(level);
            Compress(compressor, source, output);
            return;
        }

        _compressor ??= new Compressor();
        _compressor.Level = level;
        Compress(_compressor, source, output);
    }

    private static void Compress(Compressor compressor, ReadOnlySpan<byte> source, PooledOutput output)
    {
        Span<byte> room = output.GetRoom(Compressor.GetCompressBound(source.Length));
        output.Advance(compressor.Wrap(source, room));
    }
}
