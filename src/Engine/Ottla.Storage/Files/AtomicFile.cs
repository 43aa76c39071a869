namespace Ottla.Storage.Files;

/// <summary>Small files that are read and replaced as a whole.</summary>
public static class AtomicFile
{
    /// <summary>What is added to a file's name while its successor is written; such leftovers of a crash are ignored and overwritten.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>
    /// Replaces the file by <paramref name="content"/>, durably: after a crash at any point the file is whole, either the old one or the
    /// new one. Two writers of the same path must not run at once.
    /// </summary>
    /// <exception cref="IOException">The old file stands, or the disk is to be trusted no more when a sync failed.</exception>
    public static void Write(IFileSystem files, string path, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(files);
        string temporary = path + TemporarySuffix;
        using (IFile file = files.Open(temporary, FileOpening.CreateEmpty))
        {
            file.Write(content, 0);
            file.Sync();
        }

        files.MoveFile(temporary, path);
        files.SyncDirectory(Path.GetDirectoryName(path) ?? "/");
    }

    /// <summary>The whole file, or null when there is none.</summary>
    /// <exception cref="IOException">The file cannot be read, or is longer than <paramref name="maxBytes"/>.</exception>
    public static byte[]? Read(IFileSystem files, string path, int maxBytes = 256 * 1024 * 1024)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (!files.FileExists(path))
        {
            return null;
        }

        using IFile file = files.Open(path, FileOpening.Read);
        long length = file.Length;
        if (length > maxBytes)
        {
            throw new IOException($"{path} is {length} bytes long, more than the {maxBytes} that such a file may have.");
        }

        byte[] content = new byte[length];
        int count = file.Read(content, 0);
        return count == content.Length ? content : content[..count];
    }
}
