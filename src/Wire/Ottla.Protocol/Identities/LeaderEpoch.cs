namespace Ottla.Protocol;

/// <summary>The epoch of a partition's leader, from 0, raised at each change of leader; -1 stands for unknown (KIP-101).</summary>
/// <param name="Value">The id as it stands on the wire.</param>
public readonly record struct LeaderEpoch(int Value)
{
    /// <summary>Stands for none or unknown on the wire.</summary>
    public static LeaderEpoch None => new(-1);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
