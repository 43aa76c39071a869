namespace Ottla.Transport.Links;

/// <summary>A link that failed; every request that waited on it gets one. Another link has to be opened.</summary>
public sealed class LinkException : Exception
{
    /// <summary>Says why the link failed.</summary>
    public LinkException(LinkFailure failure, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
    }

    /// <summary>What kind of failure it was.</summary>
    public LinkFailure Failure { get; }
}
