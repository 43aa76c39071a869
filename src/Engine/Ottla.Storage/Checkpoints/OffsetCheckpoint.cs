using System.Globalization;
using Ottla.Protocol;
using Ottla.Storage.Files;

namespace Ottla.Storage.Checkpoints;

/// <summary>
/// A file with one offset a partition, as Kafka keeps three of them in each log directory (<c>recovery-point-offset-checkpoint</c>,
/// <c>log-start-offset-checkpoint</c>, <c>replication-offset-checkpoint</c>): lines of topic, partition and offset.
/// </summary>
public static class OffsetCheckpoint
{
    /// <summary>Up to where each log is known to be durable.</summary>
    public const string RecoveryPointFileName = "recovery-point-offset-checkpoint";

    /// <summary>Where each log begins, when that is later than its first segment.</summary>
    public const string LogStartOffsetFileName = "log-start-offset-checkpoint";

    /// <summary>The high watermarks, a hint after a restart and never a point to cut at.</summary>
    public const string HighWatermarkFileName = "replication-offset-checkpoint";

    /// <summary>Replaces the file, durably.</summary>
    public static void Write(IFileSystem files, string path, IReadOnlyDictionary<TopicPartition, long> offsets)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        var lines = new List<string>(offsets.Count);
        foreach ((TopicPartition partition, long offset) in offsets)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{partition.Topic} {partition.Partition.Value} {offset}"));
        }

        CheckpointText.Write(files, path, lines);
    }

    /// <summary>The offsets; none when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Dictionary<TopicPartition, long> Read(IFileSystem files, string path)
    {
        var offsets = new Dictionary<TopicPartition, long>();
        foreach (string line in CheckpointText.Read(files, path) ?? [])
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 3)
            {
                throw CheckpointText.BadLine(path, line);
            }

            var partition = new PartitionId((int)CheckpointText.ParseNumber(path, parts[1]));
            offsets[new TopicPartition(parts[0], partition)] = CheckpointText.ParseNumber(path, parts[2]);
        }

        return offsets;
    }
}
