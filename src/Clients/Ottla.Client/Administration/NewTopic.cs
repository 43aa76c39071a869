namespace Ottla.Client.Administration;

/// <summary>A topic to create.</summary>
public sealed record NewTopic
{
    /// <summary>The name: 1 to 249 of ASCII letters, digits, dot, underscore and hyphen.</summary>
    public required string Name { get; init; }

    /// <summary>How many partitions, or -1 for the broker's default.</summary>
    public int PartitionCount { get; init; } = -1;

    /// <summary>How many replicas each partition has, or -1 for the broker's default.</summary>
    public short ReplicationFactor { get; init; } = -1;

    /// <summary>The topic's own configuration.</summary>
    public IReadOnlyDictionary<string, string> Configs { get; init; } = new Dictionary<string, string>();
}
