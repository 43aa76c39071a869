using Microsoft.Extensions.Logging;
using Ottla.Storage.Files;

namespace Ottla.Storage.Directories;

/// <summary>What waits for <c>file.delete.delay.ms</c> before it is deleted. A start deletes what a stop left. Thread-safe.</summary>
internal sealed class DeletedFiles(StorageContext context)
{
    private readonly Lock _lock = new(); // guards _entries
    private readonly List<(long Added, long DelayMilliseconds, string Path)> _entries = [];

    public void Add(IEnumerable<string> paths, long delayMilliseconds)
    {
        long now = context.Clock.GetTimestamp();
        lock (_lock)
        {
            foreach (string path in paths)
            {
                _entries.Add((now, delayMilliseconds, path));
            }
        }
    }

    /// <summary>Deletes what is due. A file that cannot be deleted is left to the next start.</summary>
    public void DeleteDue()
    {
        var due = new List<string>();
        lock (_lock)
        {
            for (int index = _entries.Count - 1; index >= 0; index--)
            {
                (long added, long delayMilliseconds, string path) = _entries[index];
                if (context.Clock.GetElapsedTime(added).TotalMilliseconds >= delayMilliseconds)
                {
                    due.Add(path);
                    _entries.RemoveAt(index);
                }
            }
        }

        foreach (string path in due)
        {
            Delete(path);
        }
    }

    private void Delete(string path)
    {
        try
        {
            if (context.Files.DirectoryExists(path))
            {
                context.Files.DeleteDirectory(path);
            }
            else
            {
                context.Files.DeleteFile(path);
            }
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            context.Logger.WriteFailed(path, exception.Message);
        }
    }
}
