namespace Ottla.Cli.Topics;

/// <summary>A partition in a description.</summary>
internal sealed record PartitionRow(int Partition, int Leader, int LeaderEpoch, int[] Replicas, int[] Isr, int[] Offline);
