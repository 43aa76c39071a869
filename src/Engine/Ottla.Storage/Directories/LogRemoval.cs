using Microsoft.Extensions.Logging;
using Ottla.Protocol;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;

namespace Ottla.Storage.Directories;

/// <summary>
/// Takes logs out of their directories, with one sync for all of a directory. A log is gone from memory even when the disk keeps its
/// files from being renamed. Thread-safe.
/// </summary>
internal sealed class LogRemoval(StorageContext context, Func<Guid> newId)
{
    /// <summary>Deletes the logs' files when their delay is over.</summary>
    public ValueTask<ErrorCode> DeleteAsync(IEnumerable<PartitionLog> logs) => RemoveAsync(logs, Delete);

    /// <summary>Keeps the logs' files under another name.</summary>
    public ValueTask<ErrorCode> SetAsideAsync(IEnumerable<PartitionLog> logs) => RemoveAsync(logs, SetAside);

    private async ValueTask<ErrorCode> RemoveAsync(IEnumerable<PartitionLog> removed, Action<PartitionLog> remove)
    {
        ErrorCode outcome = ErrorCode.None;
        foreach (IGrouping<LogDirectory, PartitionLog> logs in removed.GroupBy(static log => log.Directory))
        {
            var work = new QueuedWork<ErrorCode>(() => Remove(logs.Key, [.. logs], remove), CancellationToken.None);
            ErrorCode error = logs.Key.SyncQueue.TryEnqueue(work) ? await work.Completion : ErrorCode.KafkaStorageError;
            outcome = outcome == ErrorCode.None ? error : outcome;
        }

        return outcome;
    }

    private ErrorCode Remove(LogDirectory directory, IReadOnlyList<PartitionLog> logs, Action<PartitionLog> remove)
    {
        foreach (PartitionLog log in logs)
        {
            directory.Logs.TryRemove(log.TopicPartition, out _);
            log.Close(save: false);
        }

        bool isComplete = true;
        foreach (PartitionLog log in logs)
        {
            isComplete &= directory.TryChange(() => remove(log));
        }

        isComplete &= directory.TryChange(() => context.Files.SyncDirectory(directory.Path));
        directory.RequestCheckpoint();
        return isComplete ? ErrorCode.None : ErrorCode.KafkaStorageError;
    }

    private void Delete(PartitionLog log)
    {
        context.Logger.LogDeleted(log.TopicPartition, log.Path, log.Options.FileDeleteDelayMilliseconds);
        Rename(log, LogDirectoryName.ForDeletion(log.TopicPartition, newId()));
        log.Directory.DeleteLater([log.Path], log.Options.FileDeleteDelayMilliseconds);
    }

    private void SetAside(PartitionLog log)
    {
        Rename(log, LogDirectoryName.ForStray(log.TopicPartition, newId()));
        context.Logger.StraySetAside(log.TopicPartition, log.TopicId, log.Path);
    }

    private void Rename(PartitionLog log, string name)
    {
        string renamed = Path.Combine(log.Directory.Path, name);
        context.Files.MoveDirectory(log.Path, renamed);
        log.MoveTo(renamed);
    }
}
