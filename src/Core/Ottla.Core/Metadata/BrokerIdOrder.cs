using Ottla.Protocol;

namespace Ottla.Core.Metadata;

/// <summary>Orders brokers by node id, so that what is made from them is the same on every run.</summary>
public sealed class BrokerIdOrder : IComparer<BrokerId>
{
    /// <summary>The one instance.</summary>
    public static BrokerIdOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(BrokerId x, BrokerId y) => x.Value.CompareTo(y.Value);
}
