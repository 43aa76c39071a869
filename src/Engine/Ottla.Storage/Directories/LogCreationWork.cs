using Ottla.Protocol;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;

namespace Ottla.Storage.Directories;

/// <summary>Makes a log's directory and files. On the directory's thread.</summary>
internal sealed class LogCreationWork(
    StorageContext context, LogDirectory directory, TopicPartition topicPartition, TopicId topicId, LogOptions options, Func<Guid> newId)
{
    public LogCreation Run()
    {
        if (directory.Logs.TryGetValue(topicPartition, out PartitionLog? existing))
        {
            // It stands without its topic's id, or another request for it was ahead in the queue.
            WriteMissingId(existing);
            return new LogCreation(ErrorCode.None, existing);
        }

        string path = Path.Combine(directory.Path, topicPartition.ToString());
        try
        {
            SetAsideFilesOfAnotherTopic(path);
            context.Files.CreateDirectory(path);
            if (topicId != TopicId.None)
            {
                PartitionMetadataFile.Write(context.Files, path, topicId);
            }

            var request = new LogLoadRequest
            {
                TopicPartition = topicPartition,
                Path = path,
                Options = options,
                IsClean = false, // files that a failed attempt left are scanned
                RecoveryPoint = 0,
                LogStartOffset = null,
                HighWatermark = null,
            };
            var log = new PartitionLog(context, directory, LogLoader.Load(context, request));
            context.Files.SyncDirectory(directory.Path);
            directory.Logs[topicPartition] = log;
            directory.ReportWritten();
            return new LogCreation(ErrorCode.None, log);
        }
        catch (Exception exception) when (DiskFaults.IsFileFailure(exception))
        {
            directory.ReportFailure(exception);
            return new LogCreation(ErrorCode.KafkaStorageError, null);
        }
        catch (InvalidDataException)
        {
            return new LogCreation(ErrorCode.KafkaStorageError, null);
        }
    }

    /// <summary>A crash came between the making of the directory and that of the file. Without room the next start tries again.</summary>
    private void WriteMissingId(PartitionLog log)
    {
        if (log.TopicId == TopicId.None && topicId != TopicId.None
            && directory.TryChange(() => PartitionMetadataFile.Write(context.Files, log.Path, topicId)))
        {
            log.TopicId = topicId;
        }
    }

    /// <summary>A topic of this name was deleted while the disk did not let its files go.</summary>
    private void SetAsideFilesOfAnotherTopic(string path)
    {
        if (context.Files.DirectoryExists(path)
            && PartitionMetadataFile.Read(context.Files, path) is { } found && found != TopicId.None && found != topicId)
        {
            string renamed = Path.Combine(directory.Path, LogDirectoryName.ForDeletion(topicPartition, newId()));
            context.Files.MoveDirectory(path, renamed);
            directory.DeleteLater([renamed], options.FileDeleteDelayMilliseconds);
        }
    }
}
