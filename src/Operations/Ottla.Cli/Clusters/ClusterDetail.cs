namespace Ottla.Cli.Clusters;

/// <summary>The cluster in detail.</summary>
internal sealed record ClusterDetail(
    string ClusterId, int Controller, int Topics, int Partitions, int OfflinePartitions, int UnderReplicatedPartitions, IReadOnlyList<BrokerRow> Brokers);
