namespace Ottla.Cli.Topics;

/// <summary>A partition's offsets.</summary>
internal sealed record OffsetRow(string Topic, int Partition, long Earliest, long Latest, long? AtTime);
