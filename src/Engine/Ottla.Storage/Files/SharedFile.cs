namespace Ottla.Storage.Files;

/// <summary>A file that stays open while anyone uses it: the segment that owns it may give it up in the midst of a read.</summary>
internal sealed class SharedFile(IFile file)
{
    private int _users = 1;

    public IFile File => file;

    /// <summary>Adds a user; false when the file is closed already. Each success is followed by one <see cref="Release"/>.</summary>
    public bool TryAcquire()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Ends one use; the last one closes the file. The first use is that of the maker.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            file.Dispose();
        }
    }
}
