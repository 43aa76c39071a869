using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ottla.Records;

/// <summary>The zigzag varints of records: 1 to 5 bytes for 32-bit values, 1 to 10 for 64-bit ones.</summary>
internal static class Varint
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int position, out int value)
    {
        if ((uint)position < (uint)bytes.Length && bytes[position] < 0x80)
        {
            uint raw = bytes[position++];
            value = (int)(raw >> 1) ^ -(int)(raw & 1);
            return true;
        }

        bool isRead = TryReadLong(bytes, ref position, 32, out long wide);
        value = (int)wide;
        return isRead;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int position, out long value)
    {
        if ((uint)position < (uint)bytes.Length && bytes[position] < 0x80)
        {
            uint raw = bytes[position++];
            value = (int)(raw >> 1) ^ -(int)(raw & 1);
            return true;
        }

        return TryReadLong(bytes, ref position, 64, out value);
    }

    public static int SizeOf(int value) => SizeOfRaw((uint)((value << 1) ^ (value >> 31)));

    public static int SizeOf(long value) => SizeOfRaw((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes <paramref name="value"/> at <paramref name="position"/> and returns the position after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> bytes, int position, int value)
    {
        uint raw = (uint)((value << 1) ^ (value >> 31));
        while (raw >= 0x80)
        {
            bytes[position++] = (byte)(raw | 0x80);
            raw >>= 7;
        }

        bytes[position++] = (byte)raw;
        return position;
    }

    /// <inheritdoc cref="Write(Span{byte}, int, int)"/>
    public static int Write(Span<byte> bytes, int position, long value)
    {
        ulong raw = (ulong)((value << 1) ^ (value >> 63));
        while (raw >= 0x80)
        {
            bytes[position++] = (byte)(raw | 0x80);
            raw >>= 7;
        }

        bytes[position++] = (byte)raw;
        return position;
    }

    private static int SizeOfRaw(ulong raw) => ((63 - BitOperations.LeadingZeroCount(raw | 1)) / 7) + 1;

    private static bool TryReadLong(ReadOnlySpan<byte> bytes, ref int position, int bits, out long value)
    {
        ulong raw = 0;
        for (int shift = 0; shift < bits; shift += 7)
        {
            if ((uint)position >= (uint)bytes.Length)
            {
                break;
            }

            ulong next = bytes[position++];
            int bitsLeft = bits - shift;
            if (bitsLeft < 7 && next >> bitsLeft != 0)
            {
                break;
            }

            raw |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                value = (long)(raw >> 1) ^ -(long)(raw & 1);
                return true;
            }
        }

        value = 0;
        return false;
    }
}
