using Microsoft.Extensions.Logging;
using Ottla.Protocol;

namespace Ottla.Storage;

/// <summary>Event ids 2000 to 2999.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(2000, LogLevel.Error, "Log directory {LogDirectory} is offline until the broker is restarted: {Reason}")]
    public static partial void DirectoryOffline(this ILogger logger, string logDirectory, string reason, Exception? exception);

    [LoggerMessage(2001, LogLevel.Error, "Log directory {LogDirectory} is full: appends answer KAFKA_STORAGE_ERROR until there is room")]
    public static partial void DirectoryFull(this ILogger logger, string logDirectory, Exception? exception);

    [LoggerMessage(2002, LogLevel.Information, "Log directory {LogDirectory} has room again")]
    public static partial void DirectoryHasRoom(this ILogger logger, string logDirectory);

    [LoggerMessage(2003, LogLevel.Information, "Loaded {LogCount} logs from {LogDirectory} in {ElapsedMilliseconds} ms, {Shutdown}")]
    public static partial void DirectoryLoaded(this ILogger logger, string logDirectory, int logCount, long elapsedMilliseconds, string shutdown);

    [LoggerMessage(2004, LogLevel.Warning, "{File} is unusable and is {Remedy}: {Reason}")]
    public static partial void FileUnusable(this ILogger logger, string file, string remedy, string reason);

    [LoggerMessage(2005, LogLevel.Warning, "Log {TopicPartition} is cut at offset {Offset}, position {Position} of {File}: the bytes after it are no whole batch")]
    public static partial void LogCut(this ILogger logger, TopicPartition topicPartition, long offset, long position, string file);

    [LoggerMessage(2006, LogLevel.Warning, "Segment {File} of log {TopicPartition} follows an invalid batch and is deleted")]
    public static partial void SegmentDropped(this ILogger logger, TopicPartition topicPartition, string file);

    [LoggerMessage(2007, LogLevel.Debug, "Log {TopicPartition} begins a segment at offset {Offset}")]
    public static partial void SegmentRolled(this ILogger logger, TopicPartition topicPartition, long offset);

    [LoggerMessage(2008, LogLevel.Information, "Log {TopicPartition} deletes {SegmentCount} segments and now begins at offset {LogStartOffset}")]
    public static partial void SegmentsDeleted(this ILogger logger, TopicPartition topicPartition, int segmentCount, long logStartOffset);

    [LoggerMessage(2009, LogLevel.Error, "Log {TopicPartition} holds no valid batch where offset {Offset} should be, at position {Position} of {File}")]
    public static partial void LogCorrupt(this ILogger logger, TopicPartition topicPartition, long offset, long position, string file);

    [LoggerMessage(2010, LogLevel.Information, "Recovered log {TopicPartition} from offset {From} to {LogEndOffset}")]
    public static partial void LogRecovered(this ILogger logger, TopicPartition topicPartition, long from, long logEndOffset);

    [LoggerMessage(2011, LogLevel.Warning, "Could not write {File}; it is tried again later: {Reason}")]
    public static partial void WriteFailed(this ILogger logger, string file, string reason);

    [LoggerMessage(2012, LogLevel.Information, "Log {TopicPartition} is truncated to offset {Offset}")]
    public static partial void LogTruncated(this ILogger logger, TopicPartition topicPartition, long offset);

    [LoggerMessage(2013, LogLevel.Error, "Log {TopicPartition} cannot be opened: {Reason}")]
    public static partial void LogUnusable(this ILogger logger, TopicPartition topicPartition, string reason, Exception? exception);

    [LoggerMessage(2014, LogLevel.Information, "Log {TopicPartition} in {Path} is deleted; its files go after {DelayMilliseconds} ms")]
    public static partial void LogDeleted(this ILogger logger, TopicPartition topicPartition, string path, long delayMilliseconds);

    [LoggerMessage(2015, LogLevel.Warning, "{Path} holds a log that belonged to no topic and was set aside at an earlier start; delete it when nobody misses it")]
    public static partial void StrayKept(this ILogger logger, string path);

    [LoggerMessage(2016, LogLevel.Warning, "Log {TopicPartition} of topic id {TopicId} belongs to no topic that the metadata has; it is not served, and is kept as {Path}")]
    public static partial void StraySetAside(this ILogger logger, TopicPartition topicPartition, TopicId topicId, string path);
}
