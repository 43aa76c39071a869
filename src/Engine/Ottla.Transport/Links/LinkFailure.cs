namespace Ottla.Transport.Links;

/// <summary>Why a link cannot go on.</summary>
public enum LinkFailure
{
    /// <summary>The connection ended, or was closed on this side.</summary>
    Closed,

    /// <summary>An answer did not come in time. The link is given up, because answers come in order and none can be skipped.</summary>
    TimedOut,

    /// <summary>The other side sent something that is not an answer to what was asked.</summary>
    Malformed,
}
