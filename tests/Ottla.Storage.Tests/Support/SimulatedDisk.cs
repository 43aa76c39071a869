using Ottla.Storage.Files;

namespace Ottla.Storage.Tests.Support;

/// <summary>
/// A disk in memory that knows what is written, what is synced and which names are synced. It can fail or crash at the n-th operation
/// that changes something, tear the write that it crashes in, run out of room, and come back after a crash of the process (all that was
/// written is there) or of the machine (only what was synced is).
/// </summary>
internal sealed class SimulatedDisk : IFileSystem
{
    private readonly SortedDictionary<string, Node> _files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal) { "/" };
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);
    private SortedDictionary<string, Node> _durableNames = new(StringComparer.Ordinal);
    private SortedSet<string> _durableDirectories = new(StringComparer.Ordinal) { "/" };

    /// <summary>Operations so far that changed something.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation at which the process dies; 0 for never.</summary>
    public int CrashAt { get; set; }

    public bool HasCrashed { get; private set; }

    /// <summary>What an operation fails with; null when it succeeds.</summary>
    public Func<DiskOperation, string, IOException?>? Fault { get; set; }

    /// <summary>How many bytes there is room for.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Whether reads find their bytes in memory: false makes every read a cold one.</summary>
    public bool IsCached { get; set; } = true;

    public int CountOfOpenFiles { get; private set; }

    /// <summary>How many files were opened so far.</summary>
    public int Opens { get; private set; }

    public List<string> Log { get; } = [];

    public static IOException NoSpace() => new("No space left on device", 28);

    public static IOException InputOutputError() => new("Input/output error", 5);

    public void ReleaseLocks() => _locks.Clear();

    /// <summary>The disk after a crash: of the process, or of the machine when <paramref name="losesUnsynced"/>.</summary>
    public SimulatedDisk AfterCrash(bool losesUnsynced)
    {
        var disk = new SimulatedDisk();
        foreach (string directory in losesUnsynced ? _durableDirectories : _directories)
        {
            disk._directories.Add(directory);
        }

        foreach ((string path, Node node) in losesUnsynced ? _durableNames : _files)
        {
            disk._files[path] = new Node { Content = losesUnsynced ? node.Durable : [.. node.Content], Durable = losesUnsynced ? node.Durable : [.. node.Durable] };
        }

        disk._durableNames = new SortedDictionary<string, Node>(disk._files, StringComparer.Ordinal);
        disk._durableDirectories = new SortedSet<string>(disk._directories, StringComparer.Ordinal);
        return disk;
    }

    public byte[] Content(string path) => [.. _files[path].Content];

    public void SetContent(string path, byte[] content)
    {
        if (!_files.TryGetValue(path, out Node? node))
        {
            _files[path] = node = new Node();
        }

        node.Content = [.. content];
    }

    public IEnumerable<string> Paths => _files.Keys;

    public IFile Open(string path, FileOpening opening, long preallocatedBytes = 0)
    {
        bool exists = _files.TryGetValue(path, out Node? node);
        if (!exists && opening is FileOpening.Read or FileOpening.ReadWrite && node is null)
        {
            throw new FileNotFoundException(path);
        }

        if (opening == FileOpening.CreateEmpty || node is null)
        {
            Change(DiskOperation.Create, path);
            if (!_directories.Contains(Parent(path)))
            {
                throw new DirectoryNotFoundException(path);
            }

            if (node is null)
            {
                _files[path] = node = new Node();
            }
            else
            {
                node.Content = [];
            }
        }

        CountOfOpenFiles++;
        Opens++;
        return new OpenFile(this, path, node);
    }

    public bool FileExists(string path) => _files.ContainsKey(path);

    public bool DirectoryExists(string path) => _directories.Contains(path);

    public void CreateDirectory(string path)
    {
        if (!_directories.Contains(path))
        {
            Change(DiskOperation.Create, path);
            for (string current = path; current.Length > 1; current = Parent(current))
            {
                _directories.Add(current);
            }
        }
    }

    public IReadOnlyList<FileEntry> ListFiles(string directory) =>
        [.. _files.Where(file => Parent(file.Key) == directory).Select(file => new FileEntry(Path.GetFileName(file.Key), file.Value.Content.Length))];

    public IReadOnlyList<string> ListDirectories(string directory) =>
        [.. _directories.Where(path => path != directory && Parent(path) == directory).Select(Path.GetFileName)!];

    public void MoveFile(string source, string destination)
    {
        Change(DiskOperation.Rename, source);
        if (!_files.Remove(source, out Node? node))
        {
            throw new FileNotFoundException(source);
        }

        _files[destination] = node;
    }

    public void MoveDirectory(string source, string destination)
    {
        Change(DiskOperation.Rename, source);
        foreach (string path in _files.Keys.Where(path => path.StartsWith(source + "/", StringComparison.Ordinal)).ToList())
        {
            _files[destination + path[source.Length..]] = _files[path];
            _files.Remove(path);
        }

        _directories.Remove(source);
        _directories.Add(destination);
    }

    public void DeleteFile(string path)
    {
        if (_files.ContainsKey(path))
        {
            Change(DiskOperation.Delete, path);
            _files.Remove(path);
        }
    }

    public void DeleteDirectory(string path)
    {
        Change(DiskOperation.Delete, path);
        foreach (string file in _files.Keys.Where(file => file.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
        {
            _files.Remove(file);
        }

        _directories.Remove(path);
    }

    public void SyncDirectory(string path)
    {
        Change(DiskOperation.SyncDirectory, path);
        foreach (string name in _durableNames.Keys.Where(name => Parent(name) == path).ToList())
        {
            _durableNames.Remove(name);
        }

        foreach ((string name, Node node) in _files.Where(file => Parent(file.Key) == path))
        {
            _durableNames[name] = node;
        }

        foreach (string name in _durableDirectories.Where(name => Parent(name) == path && name != path && !_directories.Contains(name)).ToList())
        {
            _durableDirectories.Remove(name);
            foreach (string lost in _durableNames.Keys.Where(file => file.StartsWith(name + "/", StringComparison.Ordinal)).ToList())
            {
                _durableNames.Remove(lost);
            }
        }

        for (string current = path; current.Length > 1; current = Parent(current))
        {
            _durableDirectories.Add(current);
        }

        foreach (string name in _directories.Where(name => Parent(name) == path))
        {
            _durableDirectories.Add(name);
        }
    }

    public IDisposable? TryLock(string path) => _locks.Add(path) ? new HeldLock(this, path) : null;

    public VolumeSpace GetSpace(string path) => new(Capacity, Math.Max(0, Capacity - Used));

    private long Used => _files.Values.Sum(node => (long)node.Content.Length);

    private static string Parent(string path) => Path.GetDirectoryName(path) ?? "/";

    /// <summary>Counts an operation and lets it fail; true when the process dies in it, and a write is then torn.</summary>
    private bool Change(DiskOperation operation, string path, bool mayTear = false)
    {
        if (HasCrashed)
        {
            throw new SimulatedCrashException();
        }

        Operations++;
        Log.Add($"{Operations} {operation} {path}");
        if (Operations == CrashAt)
        {
            HasCrashed = true;
            if (!mayTear)
            {
                throw new SimulatedCrashException();
            }

            return true;
        }

        return Fault?.Invoke(operation, path) is { } fault ? throw fault : false;
    }

    private sealed class Node
    {
        public byte[] Content { get; set; } = [];

        public byte[] Durable { get; set; } = [];
    }

    private sealed class HeldLock(SimulatedDisk disk, string path) : IDisposable
    {
        public void Dispose() => disk._locks.Remove(path);
    }

    private sealed class OpenFile(SimulatedDisk disk, string path, Node node) : IFile
    {
        private bool _isDisposed;

        public long Length => node.Content.Length;

        public int Read(Span<byte> buffer, long position)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (disk.Fault?.Invoke(DiskOperation.Read, path) is { } fault)
            {
                throw fault;
            }

            int count = (int)Math.Clamp(node.Content.Length - position, 0, buffer.Length);
            node.Content.AsSpan((int)Math.Min(position, node.Content.Length), count).CopyTo(buffer);
            return count;
        }

        public bool TryReadCached(Span<byte> buffer, long position, out int count)
        {
            count = disk.IsCached ? Read(buffer, position) : 0;
            return disk.IsCached;
        }

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            bool isTorn = disk.Change(DiskOperation.Write, path, mayTear: true);
            long room = disk.Capacity - disk.Used + Math.Max(0, node.Content.Length - position);
            int count = isTorn ? bytes.Length / 2 : (int)Math.Min(bytes.Length, Math.Max(0, room));
            byte[] content = node.Content;
            if (content.Length < position + count)
            {
                Array.Resize(ref content, (int)position + count);
            }
            else
            {
                content = [.. content];
            }

            bytes[..count].CopyTo(content.AsSpan((int)position));
            node.Content = content;
            if (isTorn)
            {
                throw new SimulatedCrashException();
            }

            if (count < bytes.Length)
            {
                throw NoSpace();
            }
        }

        public void SetLength(long length)
        {
            disk.Change(DiskOperation.SetLength, path);
            byte[] content = node.Content;
            Array.Resize(ref content, (int)length);
            node.Content = content;
        }

        public void Sync()
        {
            disk.Change(DiskOperation.Sync, path);
            node.Durable = [.. node.Content];
        }

        public void Dispose()
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                disk.CountOfOpenFiles--;
            }
        }
    }
}
