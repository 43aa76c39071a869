using System.Globalization;
using Ottla.Protocol;
using Ottla.Storage.Files;

namespace Ottla.Storage.Checkpoints;

/// <summary><c>leader-epoch-checkpoint</c> in a log's directory: lines of epoch and start offset, both rising.</summary>
internal static class LeaderEpochCheckpoint
{
    public const string FileName = "leader-epoch-checkpoint";

    public static void Write(IFileSystem files, string logDirectory, IReadOnlyList<LeaderEpochEntry> entries)
    {
        var lines = new List<string>(entries.Count);
        foreach (LeaderEpochEntry entry in entries)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{entry.Epoch.Value} {entry.StartOffset}"));
        }

        CheckpointText.Write(files, Path.Combine(logDirectory, FileName), lines);
    }

    /// <summary>The entries, or null when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static List<LeaderEpochEntry>? Read(IFileSystem files, string logDirectory)
    {
        string path = Path.Combine(logDirectory, FileName);
        string[]? lines = CheckpointText.Read(files, path);
        if (lines is null)
        {
            return null;
        }

        var entries = new List<LeaderEpochEntry>(lines.Length);
        foreach (string line in lines)
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2)
            {
                throw CheckpointText.BadLine(path, line);
            }

            var epoch = new LeaderEpoch((int)CheckpointText.ParseNumber(path, parts[0]));
            var entry = new LeaderEpochEntry(epoch, CheckpointText.ParseNumber(path, parts[1]));
            if (entries.Count > 0 && (entries[^1].Epoch.Value >= entry.Epoch.Value || entries[^1].StartOffset > entry.StartOffset))
            {
                throw CheckpointText.BadLine(path, line);
            }

            entries.Add(entry);
        }

        return entries;
    }
}
