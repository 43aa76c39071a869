namespace Ottla.Protocol;

/// <summary>An inclusive range of versions of one API.</summary>
/// <param name="Lowest">The oldest version, from 0.</param>
/// <param name="Highest">The newest version.</param>
public readonly record struct VersionRange(short Lowest, short Highest)
{
    /// <summary>Whether <paramref name="version"/> lies in the range.</summary>
    public bool Contains(short version) => version >= Lowest && version <= Highest;

    /// <inheritdoc/>
    public override string ToString() =>
        Lowest == Highest
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Lowest}")
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Lowest}-{Highest}");
}
