using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ottla.Records;

/// <summary>
/// The CRC-32C checksum (Castagnoli) that record batches, checkpoints and snapshots carry. Thread-safe. The instruction for it has a
/// latency of three cycles and starts every cycle, so long input is read in three lanes whose states are joined afterwards.
/// </summary>
public static class Crc32C
{
    private const uint ReflectedPolynomial = 0x82F6_3B78;
    private const int LaneBytes = 512;
    private const int BlockBytes = 3 * LaneBytes;
    private const int TableSize = 256;

    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Continues <paramref name="checksum"/>, that of the bytes before, over <paramref name="bytes"/>.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint state = ~checksum;
        if (bytes.Length >= BlockBytes)
        {
            int blocksLength = bytes.Length - (bytes.Length % BlockBytes);
            state = UpdateInLanes(state, bytes[..blocksLength]);
            bytes = bytes[blocksLength..];
        }

        return ~Update(state, bytes);
    }

    private static uint Update(uint state, ReadOnlySpan<byte> bytes)
    {
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        int position = 0;
        for (; position <= bytes.Length - sizeof(ulong); position += sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, ReadWord(ref start, position));
        }

        for (; position < bytes.Length; position++)
        {
            state = BitOperations.Crc32C(state, bytes[position]);
        }

        return state;
    }

    private static uint UpdateInLanes(uint state, ReadOnlySpan<byte> blocks)
    {
        ReadOnlySpan<uint> shift = LaneShift.Table;
        for (; !blocks.IsEmpty; blocks = blocks[BlockBytes..])
        {
            ref byte start = ref MemoryMarshal.GetReference(blocks);
            uint second = 0;
            uint third = 0;
            for (int position = 0; position < LaneBytes; position += sizeof(ulong))
            {
                state = BitOperations.Crc32C(state, ReadWord(ref start, position));
                second = BitOperations.Crc32C(second, ReadWord(ref start, position + LaneBytes));
                third = BitOperations.Crc32C(third, ReadWord(ref start, position + (2 * LaneBytes)));
            }

            state = ShiftByLane(shift, ShiftByLane(shift, state) ^ second) ^ third;
        }

        return state;
    }

    // Moves a state over one lane of zeros, a linear map of which each byte of the state has its part.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ShiftByLane(ReadOnlySpan<uint> table, uint state) =>
        table[(int)(state & 0xFF)]
        ^ table[TableSize + (int)((state >> 8) & 0xFF)]
        ^ table[(2 * TableSize) + (int)((state >> 16) & 0xFF)]
        ^ table[(3 * TableSize) + (int)(state >> 24)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadWord(ref byte start, int position)
    {
        ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, position));
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }

    /// <summary>Computed at the first long input, not when the process starts.</summary>
    private static class LaneShift
    {
        public static readonly uint[] Table = CreateTable();

        private static uint[] CreateTable()
        {
            uint laneFactor = PowerOfX(8 * LaneBytes);
            uint[] table = new uint[4 * TableSize];
            for (int index = 0; index < table.Length; index++)
            {
                uint stateByte = (uint)(index % TableSize) << (8 * (index / TableSize));
                table[index] = Multiply(laneFactor, stateByte);
            }

            return table;
        }

        // Polynomials over GF(2) modulo the checksum's own, the bit of the highest power being the lowest: 1 is 0x80000000, x half of it.
        private static uint PowerOfX(int exponent)
        {
            uint power = 0x8000_0000;
            for (uint square = 0x4000_0000; exponent != 0; exponent >>= 1)
            {
                power = (exponent & 1) == 0 ? power : Multiply(power, square);
                square = Multiply(square, square);
            }

            return power;
        }

        private static uint Multiply(uint left, uint right)
        {
            uint product = 0;
            for (; left != 0; left <<= 1)
            {
                product ^= (left & 0x8000_0000) == 0 ? 0 : right;
                right = (right >> 1) ^ ((right & 1) == 0 ? 0 : ReflectedPolynomial);
            }

            return product;
        }
    }
}
