using System.Runtime.InteropServices;

namespace Ottla.Records.Tests;

/// <summary>The C libraries that Debian ships, as the oracle for our codecs; a test that needs one skips where it is missing.</summary>
internal static unsafe partial class NativeCodecs
{
    private const string ZstdLibrary = "libzstd.so.1";
    private const string Lz4Library = "liblz4.so.1";
    private const string SnappyLibrary = "libsnappy.so.1";
    private const uint Lz4FrameVersion = 100;

    public static bool HasZstd => IsThere(ZstdLibrary);

    public static bool HasLz4 => IsThere(Lz4Library);

    public static bool HasSnappy => IsThere(SnappyLibrary);

    public static byte[] ZstdCompress(byte[] bytes, int level)
    {
        byte[] output = new byte[bytes.Length + (bytes.Length / 2) + 1_000];
        fixed (byte* source = bytes)
        fixed (byte* target = output)
        {
            return output[..(int)ZSTD_compress(target, (nuint)output.Length, source, (nuint)bytes.Length, level)];
        }
    }

    public static byte[] ZstdDecompress(byte[] bytes, int length)
    {
        byte[] output = new byte[length + 1];
        fixed (byte* source = bytes)
        fixed (byte* target = output)
        {
            return output[..checked((int)ZSTD_decompress(target, (nuint)output.Length, source, (nuint)bytes.Length))];
        }
    }

    /// <summary>Null where the library refuses the bytes or they take more than <paramref name="limit"/>.</summary>
    public static byte[]? TryZstdDecompress(byte[] bytes, int limit)
    {
        byte[] output = new byte[limit];
        fixed (byte* source = bytes)
        fixed (byte* target = output)
        {
            nuint result = ZSTD_decompress(target, (nuint)output.Length, source, (nuint)bytes.Length);
            return ZSTD_isError(result) != 0 ? null : output[..(int)result];
        }
    }

    /// <summary>Null where the library refuses the bytes, they are not one whole frame, or they take more than <paramref name="limit"/>.</summary>
    public static byte[]? TryLz4Decompress(byte[] bytes, int limit)
    {
        byte[] output = new byte[limit];
        nuint written = (nuint)output.Length;
        nuint read = (nuint)bytes.Length;
        nint context;
        Assert.Equal(0u, LZ4F_createDecompressionContext(&context, Lz4FrameVersion));
        fixed (byte* source = bytes)
        fixed (byte* target = output)
        {
            nuint hint = LZ4F_decompress(context, target, &written, source, &read, null);
            LZ4F_freeDecompressionContext(context);
            return hint == 0 && read == (nuint)bytes.Length ? output[..(int)written] : null;
        }
    }

    public static bool IsValidSnappy(byte[] bytes)
    {
        fixed (byte* source = bytes)
        {
            return snappy_validate_compressed_buffer(source, (nuint)bytes.Length) == 0;
        }
    }

    /// <param name="bytes">What to compress.</param>
    /// <param name="preferences">LZ4F_preferences_t as eight 32-bit and two 64-bit fields, see lz4frame.h.</param>
    public static byte[] Lz4Compress(byte[] bytes, Lz4Preferences preferences)
    {
        byte[] output = new byte[bytes.Length + (bytes.Length / 2) + 1_000];
        fixed (byte* source = bytes)
        fixed (byte* target = output)
        {
            return output[..checked((int)LZ4F_compressFrame(target, (nuint)output.Length, source, (nuint)bytes.Length, &preferences))];
        }
    }

    public static byte[] Lz4Decompress(byte[] bytes, int length)
    {
        byte[] output = new byte[length + 1];
        nuint written = (nuint)output.Length;
        nuint read = (nuint)bytes.Length;
        nint context;
        Assert.Equal(0u, LZ4F_createDecompressionContext(&context, Lz4FrameVersion));
        fixed (byte* source = bytes)
        fixed (byte* target = output)
        {
            nuint hint = LZ4F_decompress(context, target, &written, source, &read, null);
            LZ4F_freeDecompressionContext(context);
            Assert.Equal(((nuint)0, (nuint)bytes.Length), (hint, read));
            return output[..(int)written];
        }
    }

    public static byte[] SnappyCompress(byte[] bytes)
    {
        byte[] output = new byte[32 + bytes.Length + (bytes.Length / 6)];
        nuint written = (nuint)output.Length;
        fixed (byte* source = bytes)
        fixed (byte* target = output)
        {
            Assert.Equal(0, snappy_compress(source, (nuint)bytes.Length, target, &written));
            return output[..(int)written];
        }
    }

    private static bool IsThere(string library)
    {
        bool isLoaded = NativeLibrary.TryLoad(library, out nint handle);
        if (isLoaded)
        {
            NativeLibrary.Free(handle);
        }

        return isLoaded;
    }

    [LibraryImport(ZstdLibrary)]
    private static partial nuint ZSTD_compress(byte* target, nuint capacity, byte* source, nuint length, int level);

    [LibraryImport(ZstdLibrary)]
    private static partial nuint ZSTD_decompress(byte* target, nuint capacity, byte* source, nuint length);

    [LibraryImport(ZstdLibrary)]
    private static partial uint ZSTD_isError(nuint result);

    [LibraryImport(Lz4Library)]
    private static partial nuint LZ4F_compressFrame(byte* target, nuint capacity, byte* source, nuint length, Lz4Preferences* preferences);

    [LibraryImport(Lz4Library)]
    private static partial nuint LZ4F_createDecompressionContext(nint* context, uint version);

    [LibraryImport(Lz4Library)]
    private static partial nuint LZ4F_decompress(nint context, byte* target, nuint* capacity, byte* source, nuint* length, void* options);

    [LibraryImport(Lz4Library)]
    private static partial nuint LZ4F_freeDecompressionContext(nint context);

    [LibraryImport(SnappyLibrary)]
    private static partial int snappy_compress(byte* source, nuint length, byte* target, nuint* capacity);

    [LibraryImport(SnappyLibrary)]
    private static partial int snappy_validate_compressed_buffer(byte* source, nuint length);
}
