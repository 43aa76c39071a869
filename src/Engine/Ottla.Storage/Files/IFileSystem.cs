namespace Ottla.Storage.Files;

/// <summary>
/// All that Ottla asks of a file system. Paths are absolute. A created, renamed or deleted name is durable only after
/// <see cref="SyncDirectory"/>. Failures are <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>. Thread-safe.
/// </summary>
public interface IFileSystem
{
    /// <summary>Opens a file; <paramref name="preallocatedBytes"/> reserves space without changing the length.</summary>
    IFile Open(string path, FileOpening opening, long preallocatedBytes = 0);

    /// <summary>Whether a file stands at <paramref name="path"/>.</summary>
    bool FileExists(string path);

    /// <summary>Whether a directory stands at <paramref name="path"/>.</summary>
    bool DirectoryExists(string path);

    /// <summary>Makes a directory and those above it; nothing happens when it exists.</summary>
    void CreateDirectory(string path);

    /// <summary>The files of a directory with their lengths, in no order.</summary>
    IReadOnlyList<FileEntry> ListFiles(string directory);

    /// <summary>The names of a directory's directories, in no order.</summary>
    IReadOnlyList<string> ListDirectories(string directory);

    /// <summary>Renames a file, replacing what stands at <paramref name="destination"/>.</summary>
    void MoveFile(string source, string destination);

    /// <summary>Renames a directory; nothing stands at <paramref name="destination"/>.</summary>
    void MoveDirectory(string source, string destination);

    /// <summary>Deletes a file; nothing happens when there is none.</summary>
    void DeleteFile(string path);

    /// <summary>Deletes a directory and all in it; nothing happens when there is none.</summary>
    void DeleteDirectory(string path);

    /// <summary>Makes the names in a directory durable (fsync of the directory).</summary>
    void SyncDirectory(string path);

    /// <summary>
    /// Takes the lock that keeps a second process, Ottla's or Kafka's, out of a directory; null when another holds it.
    /// The lock ends with the returned object, or with the process.
    /// </summary>
    IDisposable? TryLock(string path);

    /// <summary>The size and the free bytes of the volume that holds <paramref name="path"/>.</summary>
    VolumeSpace GetSpace(string path);
}
