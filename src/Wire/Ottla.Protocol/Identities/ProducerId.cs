namespace Ottla.Protocol;

/// <summary>The id of an idempotent or transactional producer, from 0; -1 stands for none (KIP-98).</summary>
/// <param name="Value">The id as it stands on the wire.</param>
public readonly record struct ProducerId(long Value)
{
    /// <summary>Stands for none or unknown on the wire.</summary>
    public static ProducerId None => new(-1);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
