namespace Ottla.Cli.Topics;

/// <summary>A topic in detail.</summary>
internal sealed record TopicDetail(
    string Name, string Id, bool IsInternal, IReadOnlyList<PartitionRow> Partitions, IReadOnlyList<ConfigRow> Configs);
