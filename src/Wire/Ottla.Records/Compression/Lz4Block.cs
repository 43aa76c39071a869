using System.Buffers.Binary;

namespace Ottla.Records.Compression;

/// <summary>
/// Checks an LZ4 block without decompressing it. The decoder does not mind a match at distance 0, which copies what lay in the output's
/// memory before: bytes of other clients, once a broker compresses them anew.
/// </summary>
internal static class Lz4Block
{
    private const int LengthInToken = 15;
    private const int ShortestMatch = 4;

    /// <summary>Whether all matches refer to bytes that the block, or the history before it, has made.</summary>
    /// <param name="block">The compressed bytes.</param>
    /// <param name="historyLength">How many bytes before the block its matches may refer to.</param>
    /// <param name="length">How many bytes the block makes.</param>
    public static bool IsWellFormed(ReadOnlySpan<byte> block, int historyLength, out long length)
    {
        length = 0;
        int position = 0;
        while (position < block.Length)
        {
            byte token = block[position++];
            if (!TryReadLength(block, token >> 4, ref position, out long literals) || literals > block.Length - position)
            {
                return false;
            }

            position += (int)literals;
            length += literals;
            if (position == block.Length)
            {
                // The last sequence of a block has no match.
                return true;
            }

            if (!BinaryPrimitives.TryReadUInt16LittleEndian(block[position..], out ushort distance)
                || distance == 0 || distance > historyLength + length)
            {
                return false;
            }

            position += sizeof(ushort);
            if (!TryReadLength(block, token & LengthInToken, ref position, out long match))
            {
                return false;
            }

            length += match + ShortestMatch;
        }

        return false;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> block, int inToken, ref int position, out long length)
    {
        length = inToken;
        if (inToken < LengthInToken)
        {
            return true;
        }

        while (position < block.Length)
        {
            byte more = block[position++];
            length += more;
            if (more != byte.MaxValue)
            {
                return true;
            }
        }

        return false;
    }
}
