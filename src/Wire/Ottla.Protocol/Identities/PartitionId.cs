namespace Ottla.Protocol;

/// <summary>A partition's index within its topic, from 0.</summary>
/// <param name="Value">The id as it stands on the wire.</param>
public readonly record struct PartitionId(int Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
