namespace Ottla.Protocol;

/// <summary>A broker's node id, from 0; -1 stands for none.</summary>
/// <param name="Value">The id as it stands on the wire.</param>
public readonly record struct BrokerId(int Value)
{
    /// <summary>Stands for none or unknown on the wire.</summary>
    public static BrokerId None => new(-1);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
