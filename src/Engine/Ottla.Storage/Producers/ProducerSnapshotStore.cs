using Microsoft.Extensions.Logging;
using Ottla.Storage.Files;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Producers;

/// <summary>
/// The <c>.snapshot</c> files of one log, each named by the offset up to which it holds. The list is guarded by the log's lock; files
/// are written on the directory's sync thread.
/// </summary>
internal sealed class ProducerSnapshotStore
{
    private const int Kept = 2;
    private readonly IFileSystem _files;
    private readonly ILogger _logger;
    private readonly List<long> _offsets = []; // rising

    public ProducerSnapshotStore(IFileSystem files, ILogger logger, string directory, IEnumerable<FileEntry> entries)
    {
        _files = files;
        _logger = logger;
        Directory = directory;
        foreach (FileEntry entry in entries)
        {
            if (SegmentFileNames.TryParse(entry.Name, SegmentFileNames.ProducerSnapshot, out long offset))
            {
                _offsets.Add(offset);
            }
        }

        _offsets.Sort();
    }

    public string Directory { get; set; }

    public long? Latest => _offsets is [.., var last] ? last : null;

    /// <summary>
    /// Fills an empty table from the newest usable snapshot at or below the offset; bad ones are deleted.
    /// </summary>
    /// <returns>The snapshot's offset, or null when none is usable.</returns>
    public long? Load(ProducerStateTable producers, long maxOffset)
    {
        for (int index = _offsets.Count - 1; index >= 0; index--)
        {
            long offset = _offsets[index];
            if (offset > maxOffset)
            {
                continue;
            }

            string path = PathOf(offset);
            if (AtomicFile.Read(_files, path) is { } bytes && ProducerSnapshotFile.TryRestore(bytes, producers))
            {
                return offset;
            }

            _logger.FileUnusable(path, "deleted", "it is no whole producer snapshot");
            _files.DeleteFile(path);
            _offsets.RemoveAt(index);
        }

        return null;
    }

    /// <summary>Takes note of a snapshot that is about to be written.</summary>
    public void Add(long offset)
    {
        if (Latest is null || offset > Latest)
        {
            _offsets.Add(offset);
        }
    }

    /// <summary>Writes a snapshot, durably.</summary>
    public void Write(long offset, byte[] bytes) => AtomicFile.Write(_files, PathOf(offset), bytes);

    /// <summary>Takes all but the newest two off the list.</summary>
    /// <returns>The paths to delete.</returns>
    public List<string> TakeSuperfluous()
    {
        var paths = new List<string>();
        while (_offsets.Count > Kept)
        {
            paths.Add(PathOf(_offsets[0]));
            _offsets.RemoveAt(0);
        }

        return paths;
    }

    /// <summary>Deletes the snapshots of what is past the log's end.</summary>
    public void DeleteAfter(long endOffset)
    {
        while (Latest > endOffset)
        {
            _files.DeleteFile(PathOf(_offsets[^1]));
            _offsets.RemoveAt(_offsets.Count - 1);
        }
    }

    private string PathOf(long offset) => Path.Combine(Directory, SegmentFileNames.For(offset, SegmentFileNames.ProducerSnapshot));
}
