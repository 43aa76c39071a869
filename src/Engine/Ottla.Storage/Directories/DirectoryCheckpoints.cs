using Microsoft.Extensions.Logging;
using Ottla.Protocol;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;

namespace Ottla.Storage.Directories;

/// <summary>The three offset checkpoints of a log directory. Written on the directory's sync thread, or before it runs.</summary>
internal static class DirectoryCheckpoints
{
    /// <summary>
    /// A second copy of the log start offsets. Without them records that DeleteRecords took away would come back; recovery points and
    /// high watermarks cost only time.
    /// </summary>
    public const string LogStartOffsetCopyFileName = ".ottla-log-start-offset-checkpoint";

    public static void Write(IFileSystem files, string directory, IEnumerable<PartitionLog> logs)
    {
        var recoveryPoints = new Dictionary<TopicPartition, long>();
        var startOffsets = new Dictionary<TopicPartition, long>();
        var highWatermarks = new Dictionary<TopicPartition, long>();
        foreach (PartitionLog log in logs)
        {
            recoveryPoints[log.TopicPartition] = log.RecoveryPoint;
            highWatermarks[log.TopicPartition] = log.HighWatermark;
            if (log.LogStartOffset > 0)
            {
                startOffsets[log.TopicPartition] = log.LogStartOffset;
            }
        }

        OffsetCheckpoint.Write(files, Path.Combine(directory, OffsetCheckpoint.RecoveryPointFileName), recoveryPoints);
        OffsetCheckpoint.Write(files, Path.Combine(directory, LogStartOffsetCopyFileName), startOffsets);
        OffsetCheckpoint.Write(files, Path.Combine(directory, OffsetCheckpoint.LogStartOffsetFileName), startOffsets);
        OffsetCheckpoint.Write(files, Path.Combine(directory, OffsetCheckpoint.HighWatermarkFileName), highWatermarks);
    }

    public static Dictionary<TopicPartition, long> ReadRecoveryPoints(IFileSystem files, string directory, ILogger logger) =>
        Read(files, Path.Combine(directory, OffsetCheckpoint.RecoveryPointFileName), logger, "ignored: all segments are scanned") ?? [];

    public static Dictionary<TopicPartition, long> ReadHighWatermarks(IFileSystem files, string directory, ILogger logger) =>
        Read(files, Path.Combine(directory, OffsetCheckpoint.HighWatermarkFileName), logger, "ignored") ?? [];

    public static Dictionary<TopicPartition, long> ReadLogStartOffsets(IFileSystem files, string directory, ILogger logger)
    {
        string path = Path.Combine(directory, OffsetCheckpoint.LogStartOffsetFileName);
        return Read(files, path, logger, "replaced by its copy")
            ?? Read(files, Path.Combine(directory, LogStartOffsetCopyFileName), logger, "ignored: logs begin at their first segment")
            ?? [];
    }

    private static Dictionary<TopicPartition, long>? Read(IFileSystem files, string path, ILogger logger, string remedy)
    {
        try
        {
            return files.FileExists(path) ? OffsetCheckpoint.Read(files, path) : null;
        }
        catch (InvalidDataException exception)
        {
            logger.FileUnusable(path, remedy, exception.Message);
            return null;
        }
    }
}
