using System.Collections.Immutable;

namespace Ottla.Crash.Tests;

/// <summary>All that can be asked of a topic: where each partition ends, and what is configured.</summary>
internal sealed record TopicState
{
    private TopicState()
    {
    }

    public required ImmutableArray<long> EndOffsets { get; init; }

    public required ImmutableSortedDictionary<string, string> Configs { get; init; }

    public int PartitionCount => EndOffsets.Length;

    public static TopicState Of(int partitions) => new() { EndOffsets = [.. new long[partitions]], Configs = Sorted([]) };

    public static ImmutableSortedDictionary<string, string> Sorted(IEnumerable<(string Name, string Value)> configs) =>
        configs.ToImmutableSortedDictionary(static config => config.Name, static config => config.Value, StringComparer.Ordinal);

    public TopicState WithPartitions(int count) => this with { EndOffsets = [.. EndOffsets, .. new long[count - PartitionCount]] };

    public TopicState WithRecordIn(int partition) => this with { EndOffsets = EndOffsets.SetItem(partition, EndOffsets[partition] + 1) };

    public TopicState WithConfigs(IEnumerable<(string Name, string? Value)> changes) => this with
    {
        Configs = changes.Aggregate(Configs, static (configs, change) => change.Value is null ? configs.Remove(change.Name) : configs.SetItem(change.Name, change.Value)),
    };

    public bool Equals(TopicState? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() =>
        $"[{string.Join(' ', EndOffsets)}] {string.Join(' ', Configs.Select(static config => $"{config.Key}={config.Value}"))}";
}
