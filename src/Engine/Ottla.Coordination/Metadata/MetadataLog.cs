using Microsoft.Extensions.Logging;

namespace Ottla.Coordination.Metadata;

/// <summary>What the metadata log and its host log. Event ids 4100 to 4199.</summary>
internal static partial class MetadataLog
{
    [LoggerMessage(4100, LogLevel.Information, "Metadata loaded: {Topics} topics, {Partitions} partitions, up to offset {Offset}; controller epoch {Epoch}")]
    public static partial void MetadataLoaded(this ILogger logger, int topics, int partitions, long offset, int epoch);

    [LoggerMessage(4101, LogLevel.Information, "Broker {BrokerId} is registered with epoch {BrokerEpoch}")]
    public static partial void BrokerRegistered(this ILogger logger, int brokerId, long brokerEpoch);

    [LoggerMessage(4102, LogLevel.Information, "Metadata snapshot {FileName} is written")]
    public static partial void SnapshotWritten(this ILogger logger, string fileName);

    [LoggerMessage(4103, LogLevel.Warning, "Metadata snapshot {FileName} could not be written; the log is kept instead")]
    public static partial void SnapshotNotWritten(this ILogger logger, string fileName, Exception exception);

    [LoggerMessage(4104, LogLevel.Warning, "Metadata snapshot {FileName} is passed over: {Reason}")]
    public static partial void SnapshotDamaged(this ILogger logger, string fileName, string reason);

    [LoggerMessage(4105, LogLevel.Error, "The metadata log took no batch: {Error} {Reason}")]
    public static partial void AppendRefused(this ILogger logger, string error, string? reason);

    [LoggerMessage(4106, LogLevel.Error, "The file quorum-state could not be written")]
    public static partial void QuorumStateNotWritten(this ILogger logger, Exception exception);

    [LoggerMessage(4107, LogLevel.Critical, "The metadata log failed; metadata can no longer be changed until the broker is started again")]
    public static partial void MetadataLogFailed(this ILogger logger);

    [LoggerMessage(4108, LogLevel.Error, "Those who follow the metadata could not take in offset {Offset}")]
    public static partial void SubscriberFailed(this ILogger logger, long offset, Exception exception);

    [LoggerMessage(4109, LogLevel.Error, "{Command} failed in the controller")]
    public static partial void CommandFailed(this ILogger logger, string command, Exception exception);

    [LoggerMessage(4110, LogLevel.Debug, "{Command} appended {Records} metadata records up to offset {Offset}")]
    public static partial void CommandApplied(this ILogger logger, string command, int records, long offset);

    [LoggerMessage(4111, LogLevel.Critical, "The metadata host failed")]
    public static partial void HostFailed(this ILogger logger, Exception exception);

    [LoggerMessage(4112, LogLevel.Warning, "A stored value of {Resource} '{Name}' is passed over. {Problem}")]
    public static partial void StoredValuePassedOver(this ILogger logger, string resource, string name, string problem);
}
