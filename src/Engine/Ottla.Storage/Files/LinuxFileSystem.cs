using Microsoft.Win32.SafeHandles;

namespace Ottla.Storage.Files;

/// <summary>The file system of a Linux machine: positioned reads and writes on file handles, fsync through libc.</summary>
public sealed class LinuxFileSystem : IFileSystem
{
    /// <inheritdoc/>
    public IFile Open(string path, FileOpening opening, long preallocatedBytes = 0)
    {
        FileMode mode = opening switch
        {
            FileOpening.Read or FileOpening.ReadWrite => FileMode.Open,
            FileOpening.ReadWriteOrCreate => FileMode.OpenOrCreate,
            _ => FileMode.Create,
        };
        FileAccess access = opening == FileOpening.Read ? FileAccess.Read : FileAccess.ReadWrite;

        // .NET reserves space only for a file that it makes.
        long reserved = mode == FileMode.Create ? preallocatedBytes : 0;
        SafeFileHandle handle = File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete, FileOptions.None, reserved);
        return new LinuxFile(handle);
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    /// <inheritdoc/>
    public IReadOnlyList<FileEntry> ListFiles(string directory)
    {
        var entries = new List<FileEntry>();
        foreach (FileInfo file in new DirectoryInfo(directory).EnumerateFiles())
        {
            entries.Add(new FileEntry(file.Name, file.Length));
        }

        return entries;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string directory)
    {
        var names = new List<string>();
        foreach (string path in Directory.EnumerateDirectories(directory))
        {
            names.Add(Path.GetFileName(path));
        }

        return names;
    }

    /// <inheritdoc/>
    public void MoveFile(string source, string destination) => File.Move(source, destination, overwrite: true);

    /// <inheritdoc/>
    public void MoveDirectory(string source, string destination) => Directory.Move(source, destination);

    /// <inheritdoc/>
    public void DeleteFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Its directory is gone, and so is the file.
        }
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path) => LibC.SyncDirectory(path);

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        SafeFileHandle handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (LibC.TryLock(handle))
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public VolumeSpace GetSpace(string path)
    {
        var drive = new DriveInfo(path);
        return new VolumeSpace(drive.TotalSize, drive.AvailableFreeSpace);
    }
}
