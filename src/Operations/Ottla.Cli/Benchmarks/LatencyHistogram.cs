using System.Numerics;

namespace Ottla.Cli.Benchmarks;

/// <summary>
/// Counts durations in buckets that are at most 1/64 wide of what they hold, whatever its size, so that percentiles are good to 1.6 %.
/// Thread-safe. Values are microseconds.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBuckets = 64;
    private const int SubBucketBits = 6;

    private readonly long[] _counts = new long[(64 - SubBucketBits + 1) * SubBuckets];
    private long _count;
    private long _sum;
    private long _max;

    public long Count => Volatile.Read(ref _count);

    public long Max => Volatile.Read(ref _max);

    public double Mean => Count == 0 ? 0 : (double)Volatile.Read(ref _sum) / Count;

    public void Record(long microseconds)
    {
        long value = Math.Max(0, microseconds);
        Interlocked.Increment(ref _counts[IndexOf(value)]);
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _sum, value);
        long seen = Volatile.Read(ref _max);
        while (value > seen)
        {
            long before = Interlocked.CompareExchange(ref _max, value, seen);
            if (before == seen)
            {
                break;
            }

            seen = before;
        }
    }

    /// <summary>The duration that a fraction of all does not exceed; 0 for an empty histogram.</summary>
    public long Percentile(double fraction)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(fraction * Count));
        long seen = 0;
        for (int index = 0; index < _counts.Length; index++)
        {
            seen += Volatile.Read(ref _counts[index]);
            if (seen >= wanted)
            {
                return Math.Min(UpperBoundOf(index), Max);
            }
        }

        return Max;
    }

    private static int IndexOf(long value)
    {
        if (value < SubBuckets)
        {
            return (int)value;
        }

        int shift = 63 - BitOperations.LeadingZeroCount((ulong)value) - SubBucketBits;
        return ((shift + 1) * SubBuckets) + (int)((value >> shift) - SubBuckets);
    }

    private static long UpperBoundOf(int index)
    {
        if (index < SubBuckets)
        {
            return index;
        }

        int shift = (index / SubBuckets) - 1;
        return ((SubBuckets + (index % SubBuckets) + 1L) << shift) - 1;
    }
}
