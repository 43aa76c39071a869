namespace Ottla.Records;

/// <summary>What an old consumer asked for.</summary>
public readonly record struct LegacyDownConversionRules
{
    /// <summary>Kafka's defaults for a fetch from the log's start.</summary>
    public LegacyDownConversionRules()
    {
    }

    /// <summary>The format to make: 0 for Fetch versions 0 and 1, 1 for versions 2 and 3.</summary>
    public byte Magic { get; init; } = 1;

    /// <summary>The offset that was asked for: earlier records are left out where they are not compressed.</summary>
    public long FetchOffset { get; init; }

    /// <summary>How many bytes to make at most; the first batch is converted whatever its size.</summary>
    public int MaxBytes { get; init; } = int.MaxValue;

    /// <summary>What a batch's decompressed records may take in memory, and at most its messages.</summary>
    public DecompressionLimits DecompressionLimits { get; init; } = DecompressionLimits.Default;
}
