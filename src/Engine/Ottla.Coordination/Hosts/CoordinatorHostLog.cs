using Microsoft.Extensions.Logging;
using Ottla.Protocol;

namespace Ottla.Coordination.Hosts;

internal static partial class CoordinatorHostLog
{
    [LoggerMessage(4000, LogLevel.Information, "Coordinator of {Partition} loaded {RecordCount} records up to offset {Offset} in {Milliseconds} ms")]
    public static partial void Loaded(this ILogger logger, TopicPartition partition, long recordCount, long offset, long milliseconds);

    [LoggerMessage(4001, LogLevel.Error, "Coordinator of {Partition} cannot load: the record at offset {Offset} is not readable")]
    public static partial void RecordIsMalformed(this ILogger logger, TopicPartition partition, long offset, Exception exception);

    [LoggerMessage(4002, LogLevel.Warning, "Coordinator of {Partition} cannot read offset {Offset}: {Error}; it tries again")]
    public static partial void ReadFailed(this ILogger logger, TopicPartition partition, long offset, ErrorCode error);

    [LoggerMessage(4003, LogLevel.Warning, "Coordinator of {Partition} could not append {RecordCount} records: {Error}")]
    public static partial void AppendFailed(this ILogger logger, TopicPartition partition, int recordCount, ErrorCode error, Exception? exception);

    [LoggerMessage(4004, LogLevel.Error, "Coordinator of {Partition} failed to decide {Command}")]
    public static partial void DecideFailed(this ILogger logger, TopicPartition partition, string command, Exception exception);

    [LoggerMessage(4005, LogLevel.Critical, "Coordinator of {Partition} failed to apply what it had appended and stops serving until it is loaded again")]
    public static partial void ApplyFailed(this ILogger logger, TopicPartition partition, Exception exception);

    [LoggerMessage(4006, LogLevel.Warning, "Coordinator of {Partition} refuses a command: {MaxWaitingCommands} are waiting")]
    public static partial void MailboxIsFull(this ILogger logger, TopicPartition partition, int maxWaitingCommands);

    [LoggerMessage(4007, LogLevel.Error, "Coordinator of {Partition} failed to load")]
    public static partial void LoadFailed(this ILogger logger, TopicPartition partition, Exception exception);
}
