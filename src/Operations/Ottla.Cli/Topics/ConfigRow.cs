namespace Ottla.Cli.Topics;

/// <summary>A key of a topic's configuration.</summary>
internal sealed record ConfigRow(string Name, string? Value, string Source);
