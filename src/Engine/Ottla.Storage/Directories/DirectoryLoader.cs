using Microsoft.Extensions.Logging;
using Ottla.Protocol;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;

namespace Ottla.Storage.Directories;

/// <summary>Opens all logs of one directory, several at a time.</summary>
internal sealed class DirectoryLoader(StorageContext context, LogDirectoriesOptions options, LogDirectory directory, IWorkQueue recoveryQueue)
{
    /// <summary>Loads the logs into the directory.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public async Task<DirectoryLoad> LoadAsync(CancellationToken cancellationToken)
    {
        long started = context.Clock.GetTimestamp();

        // First of all: a crash while loading must count as a crash.
        bool isClean = CleanShutdownFile.TryConsume(context.Files, directory.Path, out long brokerEpoch);
        Dictionary<TopicPartition, long> recoveryPoints = DirectoryCheckpoints.ReadRecoveryPoints(context.Files, directory.Path, context.Logger);
        Dictionary<TopicPartition, long> startOffsets = DirectoryCheckpoints.ReadLogStartOffsets(context.Files, directory.Path, context.Logger);
        Dictionary<TopicPartition, long> highWatermarks = DirectoryCheckpoints.ReadHighWatermarks(context.Files, directory.Path, context.Logger);
        var loading = new List<Task>();
        foreach (string name in context.Files.ListDirectories(directory.Path))
        {
            string path = Path.Combine(directory.Path, name);
            if (name.EndsWith(LogDirectoryName.DeletedSuffix, StringComparison.Ordinal))
            {
                directory.DeleteLater([path], delayMilliseconds: 0);
                continue;
            }

            if (name.EndsWith(LogDirectoryName.StraySuffix, StringComparison.Ordinal))
            {
                context.Logger.StrayKept(path);
                continue;
            }

            if (!LogDirectoryName.TryParse(name, out TopicPartition topicPartition))
            {
                continue;
            }

            var request = new LogLoadRequest
            {
                TopicPartition = topicPartition,
                Path = path,
                Options = options.OptionsOf(topicPartition),
                IsClean = isClean,
                RecoveryPoint = recoveryPoints.GetValueOrDefault(topicPartition),
                LogStartOffset = startOffsets.TryGetValue(topicPartition, out long start) ? start : null,
                HighWatermark = highWatermarks.TryGetValue(topicPartition, out long highWatermark) ? highWatermark : null,
            };
            var work = new QueuedWork<bool>(() => TryLoad(request), cancellationToken);
            recoveryQueue.TryEnqueue(work);
            loading.Add(work.Completion);
        }

        await Task.WhenAll(loading);
        long elapsed = (long)context.Clock.GetElapsedTime(started).TotalMilliseconds;
        context.Logger.DirectoryLoaded(directory.Path, directory.Logs.Count, elapsed, Describe(isClean, directory.Logs.Count));
        return new DirectoryLoad(isClean, brokerEpoch);
    }

    private bool TryLoad(LogLoadRequest request)
    {
        try
        {
            LoadedLog loaded = LogLoader.Load(context, request);
            directory.Logs[request.TopicPartition] = new PartitionLog(context, directory, loaded);
            return true;
        }
        catch (InvalidDataException exception)
        {
            context.Logger.LogUnusable(request.TopicPartition, exception.Message, exception);
            return false;
        }
    }

    private static string Describe(bool isClean, int logCount) => isClean ? "after a clean stop"
        : logCount == 0 ? "which held none"
        : "recovered after a stop that was not clean";
}
