namespace Ottla.Cli.Groups;

/// <summary>What a reset does to one partition.</summary>
internal sealed record ResetRow(string Topic, int Partition, long? Committed, long NewOffset);
