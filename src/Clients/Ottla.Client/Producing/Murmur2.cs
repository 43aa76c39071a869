using System.Buffers.Binary;

namespace Ottla.Client.Producing;

/// <summary>
/// The 32-bit Murmur2 hash with the seed that Kafka's Java producer uses: only with the same hash do keys land in the same partition
/// whichever client writes them.
/// </summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;

    /// <summary>The hash of <paramref name="data"/>.</summary>
    public static int Hash(ReadOnlySpan<byte> data)
    {
        uint hash = Seed ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            uint block = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
            block = (block ^ (block >> 24)) * Multiplier;
            hash = (hash * Multiplier) ^ block;
            data = data[4..];
        }

        if (!data.IsEmpty)
        {
            for (int index = 0; index < data.Length; index++)
            {
                hash ^= (uint)data[index] << (8 * index);
            }

            hash *= Multiplier;
        }

        hash = (hash ^ (hash >> 13)) * Multiplier;
        return (int)(hash ^ (hash >> 15));
    }

    /// <summary>The partition of <paramref name="key"/> among <paramref name="partitionCount"/>, at least 1.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitionCount) => (Hash(key) & int.MaxValue) % partitionCount;
}
