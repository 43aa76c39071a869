using System.Buffers.Binary;

namespace Ottla.Records.Compression;

/// <summary>
/// Checks a Snappy block without decompressing it. The library stops when it has made as many bytes as the block states, and so takes
/// blocks that others refuse; a consumer that cannot read a batch stays at it.
/// </summary>
internal static class SnappyBlock
{
    private const int LongestLiteralInTag = 60;

    /// <summary>Whether the elements after the length make exactly <paramref name="length"/> bytes and end where the block does.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> block, int length)
    {
        int position = SizeOfLength(block);
        int produced = 0;
        while (position < block.Length)
        {
            byte tag = block[position++];
            bool isWhole = (tag & 3) == 0
                ? TryPassLiteral(block, tag, ref position, out int made)
                : TryPassCopy(block, tag, produced, ref position, out made);
            if (!isWhole || made > length - produced)
            {
                return false;
            }

            produced += made;
        }

        return produced == length;
    }

    private static int SizeOfLength(ReadOnlySpan<byte> block)
    {
        int size = 0;
        while (size < block.Length && block[size] >= 0x80)
        {
            size++;
        }

        return size + 1;
    }

    private static bool TryPassLiteral(ReadOnlySpan<byte> block, byte tag, ref int position, out int length)
    {
        length = (tag >> 2) + 1;
        if (length > LongestLiteralInTag)
        {
            int lengthBytes = length - LongestLiteralInTag;
            if (lengthBytes > block.Length - position)
            {
                return false;
            }

            length = 0;
            for (int index = lengthBytes - 1; index >= 0; index--)
            {
                length = (length << 8) | block[position + index];
            }

            length++;
            position += lengthBytes;
        }

        if (length <= 0 || length > block.Length - position)
        {
            return false;
        }

        position += length;
        return true;
    }

    private static bool TryPassCopy(ReadOnlySpan<byte> block, byte tag, int produced, ref int position, out int length)
    {
        ReadOnlySpan<byte> rest = block[position..];
        int distanceBytes = (tag & 3) switch
        {
            1 => 1,
            2 => sizeof(ushort),
            _ => sizeof(uint),
        };
        length = (tag & 3) == 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
        if (distanceBytes > rest.Length)
        {
            return false;
        }

        uint distance = distanceBytes switch
        {
            1 => ((uint)(tag >> 5) << 8) | rest[0],
            sizeof(ushort) => BinaryPrimitives.ReadUInt16LittleEndian(rest),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(rest),
        };
        position += distanceBytes;
        return distance != 0 && distance <= (uint)produced;
    }
}
