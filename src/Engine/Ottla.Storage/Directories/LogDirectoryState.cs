namespace Ottla.Storage.Directories;

/// <summary>Whether a log directory can be used.</summary>
public enum LogDirectoryState
{
    /// <summary>All is well.</summary>
    Online,

    /// <summary>There is no room: appends are refused until there is, reads go on.</summary>
    Full,

    /// <summary>The disk failed: nothing is read or written until the process is started again.</summary>
    Offline,
}
