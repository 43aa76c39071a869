using Microsoft.Extensions.Logging;
using Ottla.Protocol;

namespace Ottla.Replication;

internal static partial class ReplicationLog
{
    [LoggerMessage(3000, LogLevel.Error, "{Logs} logs of topic {Topic} could not be opened: {Error}; they are tried again")]
    public static partial void LogsNotOpened(ILogger logger, int logs, string topic, ErrorCode error);

    [LoggerMessage(3001, LogLevel.Error, "The logs of the deleted topic {Topic} could not all be deleted: {Error}")]
    public static partial void LogsNotDeleted(ILogger logger, string topic, ErrorCode error);

    [LoggerMessage(3002, LogLevel.Error, "Logs that belong to no topic could not all be renamed: {Error}; they are not served, and the next start tries again")]
    public static partial void StraysNotRemoved(ILogger logger, ErrorCode error);
}
