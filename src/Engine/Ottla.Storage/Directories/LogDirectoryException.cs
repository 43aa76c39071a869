namespace Ottla.Storage.Directories;

/// <summary>The log directories cannot be used as they are; the message says which one, why, and what to do.</summary>
public sealed class LogDirectoryException : Exception
{
    /// <summary>Makes the exception.</summary>
    public LogDirectoryException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which directory, why, and what to do.</param>
    public LogDirectoryException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which directory, why, and what to do.</param>
    /// <param name="innerException">What the file system said.</param>
    public LogDirectoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
