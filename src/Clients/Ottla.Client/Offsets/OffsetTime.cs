namespace Ottla.Client.Offsets;

/// <summary>The times for which a partition can be asked for an offset: milliseconds since 1970, or one of these.</summary>
public static class OffsetTime
{
    /// <summary>The offset after the last record that a consumer may read.</summary>
    public const long Latest = -1;

    /// <summary>The first offset that is kept.</summary>
    public const long Earliest = -2;

    /// <summary>The offset of the record with the largest timestamp (KIP-734).</summary>
    public const long MaxTimestamp = -3;
}
