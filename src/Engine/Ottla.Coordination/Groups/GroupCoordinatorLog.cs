using Microsoft.Extensions.Logging;
using Ottla.Protocol;

namespace Ottla.Coordination.Groups;

internal static partial class GroupCoordinatorLog
{
    [LoggerMessage(4020, LogLevel.Warning, "Coordinator of {Partition} was not serving when {TopicCount} topics were deleted; what groups committed for them stays")]
    public static partial void DeletedTopicsNotForgotten(this ILogger logger, TopicPartition partition, int topicCount);
}
