using Ottla.Client.Metadata;
using Ottla.Protocol;

namespace Ottla.Client.Administration;

/// <summary>The cluster as a whole.</summary>
/// <param name="ClusterId">Its id.</param>
/// <param name="Controller">The broker that controls it, or -1.</param>
/// <param name="Brokers">Its brokers, in order of their ids.</param>
public sealed record ClusterDescription(string ClusterId, BrokerId Controller, IReadOnlyList<BrokerNode> Brokers);
