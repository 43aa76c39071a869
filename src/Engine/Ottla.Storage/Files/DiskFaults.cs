namespace Ottla.Storage.Files;

/// <summary>Sorts the exceptions of file operations.</summary>
public static class DiskFaults
{
    /// <summary>Whether <paramref name="exception"/> is the file system's answer rather than a bug of ours.</summary>
    public static bool IsFileFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>The kind of failure. For a failed sync the kind does not matter: it is always final.</summary>
    public static DiskFault Classify(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception is IOException && exception.HResult is LibC.NoSpace or LibC.QuotaExceeded or LibC.FileTooLarge
            ? DiskFault.Full
            : DiskFault.Broken;
    }
}
