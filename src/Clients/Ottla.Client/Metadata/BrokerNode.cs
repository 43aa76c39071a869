using Ottla.Protocol;

namespace Ottla.Client.Metadata;

/// <summary>A broker as the cluster's metadata lists it.</summary>
/// <param name="Id">The broker's id.</param>
/// <param name="Address">Where clients reach it.</param>
/// <param name="Rack">Its rack, or null.</param>
public sealed record BrokerNode(BrokerId Id, BrokerAddress Address, string? Rack);
