using System.Buffers.Binary;

namespace Ottla.Crash.Tests;

/// <summary>Damages real request frames: headers, lengths, counts, tags, varints and payloads, as a seed says.</summary>
internal sealed class FrameMutator(IReadOnlyList<byte[]> corpus, int seed)
{
    private const int HeaderBytes = 8;

    private static readonly long[] Extremes = [0, 1, -1, -2, sbyte.MaxValue, short.MaxValue, short.MinValue, int.MaxValue, int.MinValue, 1 << 20, 1 << 30, long.MaxValue, long.MinValue];

    private readonly Random _random = new(seed);

    /// <summary>The next damaged frame, without its length prefix.</summary>
    public byte[] Next()
    {
        byte[] frame = [.. corpus[_random.Next(corpus.Count)]];
        for (int left = _random.Next(1, 5); left > 0; left--)
        {
            frame = Damage(frame);
        }

        return frame;
    }

    private byte[] Damage(byte[] frame)
    {
        // Most damage is behind key, version and correlation id, where the parsing of bodies is met.
        int first = _random.Next(10) == 0 || frame.Length <= HeaderBytes ? 0 : HeaderBytes;
        if (frame.Length <= first)
        {
            return [.. frame, (byte)_random.Next(256)];
        }

        int position = _random.Next(first, frame.Length);
        int rest = frame.Length - position;
        switch (_random.Next(8))
        {
            case 0:
                frame[position] ^= (byte)(1 << _random.Next(8));
                return frame;
            case 1:
                frame[position] = (byte)_random.Next(256);
                return frame;
            case 2 when rest >= 2:
                BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(position), (short)Extreme());
                return frame;
            case 3 when rest >= 4:
                BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(position), (int)Extreme());
                return frame;
            case 4 when rest >= 8:
                BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(position), Extreme());
                return frame;
            case 5:
                return frame[..position];
            case 6:
                return [.. frame[..position], .. LongVarint(), .. frame[position..]];
            default:
                return [.. frame[..position], .. frame[_random.Next(first, frame.Length)..], .. frame[position..]];
        }
    }

    private long Extreme() => Extremes[_random.Next(Extremes.Length)];

    private byte[] LongVarint()
    {
        byte[] bytes = new byte[_random.Next(1, 11)];
        Array.Fill(bytes, (byte)0xFF);
        bytes[^1] = (byte)_random.Next(256);
        return bytes;
    }
}
