namespace Ottla.Cli.Benchmarks;

/// <summary>How much a consumer has read: records, and the bytes of their keys and values.</summary>
internal readonly record struct ConsumedAmount(long Records, long Bytes)
{
    public static ConsumedAmount operator -(ConsumedAmount later, ConsumedAmount earlier) =>
        new(later.Records - earlier.Records, later.Bytes - earlier.Bytes);
}
