using Microsoft.Extensions.Logging;

namespace Ottla.Client;

internal static partial class ClientLog
{
    [LoggerMessage(7000, LogLevel.Debug, "Connected to broker {Broker}")]
    public static partial void Connected(ILogger logger, string broker);

    [LoggerMessage(7001, LogLevel.Debug, "Lost broker {Broker}: {Reason}")]
    public static partial void Lost(ILogger logger, string broker, string reason);

    [LoggerMessage(7002, LogLevel.Debug, "Retry {Attempt} in {DelayMilliseconds:0} ms: {Reason}")]
    public static partial void Retrying(ILogger logger, int attempt, double delayMilliseconds, string reason);

    [LoggerMessage(7003, LogLevel.Debug, "Metadata of {TopicCount} topics and {BrokerCount} brokers")]
    public static partial void MetadataRefreshed(ILogger logger, int topicCount, int brokerCount);

    [LoggerMessage(7004, LogLevel.Warning, "The producer was closed with records that were not delivered: {Reason}")]
    public static partial void ClosedWithUndelivered(ILogger logger, string reason);

    [LoggerMessage(7005, LogLevel.Information, "Joined group {Group} as {MemberId} in generation {GenerationId}")]
    public static partial void Joined(ILogger logger, string group, string memberId, int generationId);

    [LoggerMessage(7006, LogLevel.Warning, "Could not leave group {Group}: {Reason}")]
    public static partial void NotLeft(ILogger logger, string group, string reason);

    [LoggerMessage(7007, LogLevel.Warning, "Could not commit for group {Group}: {Reason}")]
    public static partial void NotCommitted(ILogger logger, string group, string reason);
}
