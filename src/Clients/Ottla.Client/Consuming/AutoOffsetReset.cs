namespace Ottla.Client.Consuming;

/// <summary>Where to begin in a partition whose position is unknown or no longer exists (<c>auto.offset.reset</c>).</summary>
public enum AutoOffsetReset
{
    /// <summary>After the last record: only what comes from now on.</summary>
    Latest,

    /// <summary>At the first record that is kept.</summary>
    Earliest,

    /// <summary>Nowhere: reading fails.</summary>
    None,
}
