namespace Ottla.Core.Metadata;

/// <summary>
/// The metadata log says something that can't be: a record contradicts those before it, or is of a kind that this release does not
/// know. Nothing is served from such a log, because dropping the record could lose data or widen access.
/// </summary>
public sealed class InvalidMetadataException : Exception
{
    /// <summary>Makes an exception that says what is wrong.</summary>
    public InvalidMetadataException(string message)
        : base(message)
    {
    }
}
