using Ottla.Storage.Files;
using Ottla.Storage.Segments;

namespace Ottla.Storage.Logs;

/// <summary>
/// First step of opening a log: removes what a crash left behind. Deleted and half-cleaned files go; a swap that a cleaner had begun is
/// completed; indexes without a log go.
/// </summary>
internal static class LogFilesCleanup
{
    /// <returns>The files that stand afterwards.</returns>
    public static IReadOnlyList<FileEntry> Run(IFileSystem files, string directory)
    {
        bool changed = false;
        long lowestCleaned = long.MaxValue;
        var swaps = new List<(long BaseOffset, long Size)>();
        foreach (FileEntry entry in files.ListFiles(directory))
        {
            if (entry.Name.EndsWith(SegmentFileNames.Cleaned, StringComparison.Ordinal))
            {
                lowestCleaned = Math.Min(lowestCleaned, BaseOffsetOf(entry.Name) ?? long.MaxValue);
            }
            else if (SegmentFileNames.TryParse(entry.Name, SegmentFileNames.Log + SegmentFileNames.Swap, out long baseOffset))
            {
                swaps.Add((baseOffset, entry.SizeInBytes));
                continue;
            }
            else if (!entry.Name.EndsWith(SegmentFileNames.Deleted, StringComparison.Ordinal)
                && !entry.Name.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal))
            {
                continue;
            }

            files.DeleteFile(Path.Combine(directory, entry.Name));
            changed = true;
        }

        foreach ((long baseOffset, long size) in swaps)
        {
            CompleteSwap(files, directory, baseOffset, size, isWhole: baseOffset < lowestCleaned);
            changed = true;
        }

        changed |= DeleteOrphans(files, directory);
        if (changed)
        {
            files.SyncDirectory(directory);
        }

        return files.ListFiles(directory);
    }

    /// <summary>
    /// A whole swap file replaces the segments whose offsets it covers. Its indexes are dropped with those of the replaced ones: they are
    /// rebuilt when they are asked for.
    /// </summary>
    private static void CompleteSwap(IFileSystem files, string directory, long baseOffset, long size, bool isWhole)
    {
        string swap = Path.Combine(directory, SegmentFileNames.For(baseOffset, SegmentFileNames.Log + SegmentFileNames.Swap));
        foreach (string suffix in (ReadOnlySpan<string>)[SegmentFileNames.OffsetIndex, SegmentFileNames.TimeIndex, SegmentFileNames.TransactionIndex])
        {
            string index = Path.Combine(directory, SegmentFileNames.For(baseOffset, suffix));
            if (isWhole && suffix == SegmentFileNames.TransactionIndex && files.FileExists(index + SegmentFileNames.Swap))
            {
                files.MoveFile(index + SegmentFileNames.Swap, index);
            }

            files.DeleteFile(index + SegmentFileNames.Swap);
        }

        if (!isWhole)
        {
            files.DeleteFile(swap);
            return;
        }

        long endOffset = FindEndOffset(files, swap, baseOffset, size);
        foreach (FileEntry entry in files.ListFiles(directory))
        {
            if (SegmentFileNames.TryParse(entry.Name, SegmentFileNames.Log, out long covered) && covered >= baseOffset && covered < endOffset)
            {
                files.DeleteFile(Path.Combine(directory, entry.Name));
                files.DeleteFile(Path.Combine(directory, SegmentFileNames.For(covered, SegmentFileNames.OffsetIndex)));
                files.DeleteFile(Path.Combine(directory, SegmentFileNames.For(covered, SegmentFileNames.TimeIndex)));
            }
        }

        files.MoveFile(swap, Path.Combine(directory, SegmentFileNames.For(baseOffset, SegmentFileNames.Log)));
    }

    private static long FindEndOffset(IFileSystem files, string path, long baseOffset, long size)
    {
        long endOffset = baseOffset;
        using IFile file = files.Open(path, FileOpening.Read);
        using var scanner = new BatchScanner(file, 0, size, wholeBatches: false);
        while (scanner.MoveNext())
        {
            endOffset = scanner.Header.NextOffset;
        }

        return endOffset;
    }

    private static bool DeleteOrphans(IFileSystem files, string directory)
    {
        bool changed = false;
        foreach (FileEntry entry in files.ListFiles(directory))
        {
            if (BaseOffsetOf(entry.Name) is { } baseOffset && SegmentFileNames.IsIndexSuffix(Path.GetExtension(entry.Name))
                && !files.FileExists(Path.Combine(directory, SegmentFileNames.For(baseOffset, SegmentFileNames.Log))))
            {
                files.DeleteFile(Path.Combine(directory, entry.Name));
                changed = true;
            }
        }

        return changed;
    }

    private static long? BaseOffsetOf(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && SegmentFileNames.TryParse(name.AsSpan(0, dot), string.Empty, out long baseOffset) ? baseOffset : null;
    }
}
