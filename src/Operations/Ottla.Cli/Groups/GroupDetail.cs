namespace Ottla.Cli.Groups;

/// <summary>A group in detail.</summary>
internal sealed record GroupDetail(
    string Group, string State, string Assignor, string Coordinator, int Members, long Lag, IReadOnlyList<LagRow> Partitions);
