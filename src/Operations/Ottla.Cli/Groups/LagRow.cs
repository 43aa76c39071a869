namespace Ottla.Cli.Groups;

/// <summary>How far a group has come in one partition. Lag is never negative: the end is read after the commit.</summary>
internal sealed record LagRow(string Topic, int Partition, long? Committed, long End, long? Lag, string? MemberId, string? ClientId, string? Host);
