namespace Ottla.Cli.Clusters;

/// <summary>A broker in a description.</summary>
internal sealed record BrokerRow(int Id, string Host, int Port, string? Rack, bool IsController, long? LogBytes, int? Partitions);
