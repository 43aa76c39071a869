using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ottla.Records;

/// <summary>The CRC-32C checksum (Castagnoli) that record batches, checkpoints and snapshots carry. Thread-safe.</summary>
public static class Crc32C
{
    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Continues <paramref name="checksum"/>, that of the bytes before, over <paramref name="bytes"/>.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint state = ~checksum;
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        int position = 0;
        for (; position <= bytes.Length - sizeof(ulong); position += sizeof(ulong))
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, position));
            state = BitOperations.Crc32C(state, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        for (; position < bytes.Length; position++)
        {
            state = BitOperations.Crc32C(state, bytes[position]);
        }

        return ~state;
    }
}
