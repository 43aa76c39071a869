namespace Ottla.Records;

/// <summary>
/// How much memory the records of one batch may take when decompressed: a bomb ends with an error before more than that is allocated.
/// </summary>
/// <param name="MaxOutputBytes">The most bytes of output, whatever the input.</param>
/// <param name="MaxRatio">The most bytes of output for each byte of input, beyond <see cref="RatioFreeBytes"/>.</param>
/// <param name="RatioFreeBytes">Output up to this size is accepted whatever the ratio: a few equal records compress very well.</param>
public readonly record struct DecompressionLimits(int MaxOutputBytes, int MaxRatio, int RatioFreeBytes)
{
    /// <summary>At most 128 MiB, and beyond 4 MiB at most 1,024 times the input, which deflate cannot exceed by much.</summary>
    public static DecompressionLimits Default { get; } = new(128 * 1024 * 1024, 1024, 4 * 1024 * 1024);

    /// <summary>The same for a consumer, whose broker is trusted: the structure of Snappy and LZ4 blocks is left to the decoders.</summary>
    public static DecompressionLimits ForConsumer { get; } = Default with { IsTrusted = true };

    /// <summary>
    /// Whether blocks of Snappy and LZ4 are decoded without a check of their own, in half the time. Their decoders never leave the buffer,
    /// but a crafted block can make them show what lay in it before: nothing that a broker may pass on.
    /// </summary>
    public bool IsTrusted { get; init; }

    /// <summary>The most bytes of output that are accepted for <paramref name="inputLength"/> bytes of input.</summary>
    public int MaxOutputFor(int inputLength) =>
        (int)Math.Min(MaxOutputBytes, Math.Max(RatioFreeBytes, (long)inputLength * MaxRatio));
}
