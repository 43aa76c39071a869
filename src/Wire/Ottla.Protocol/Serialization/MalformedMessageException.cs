namespace Ottla.Protocol;

/// <summary>
/// Bytes that are not a valid message of the version they claim to be. Thrown by readers before anything is allocated for the
/// offending field, and caught in the one loop of each connection, which closes it.
/// </summary>
public sealed class MalformedMessageException : Exception
{
    /// <summary>Says what is wrong with the bytes.</summary>
    public MalformedMessageException(string message)
        : base(message)
    {
    }
}
