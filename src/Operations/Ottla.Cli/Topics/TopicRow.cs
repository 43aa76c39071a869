namespace Ottla.Cli.Topics;

/// <summary>A topic in a list.</summary>
internal sealed record TopicRow(string Name, int Partitions, int ReplicationFactor, bool IsInternal);
