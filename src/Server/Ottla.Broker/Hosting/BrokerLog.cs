using Microsoft.Extensions.Logging;

namespace Ottla.Broker.Hosting;

internal static partial class BrokerLog
{
    [LoggerMessage(5040, LogLevel.Information, "Broker {NodeId} of cluster {ClusterId} serves {Topics} topics with {Partitions} partitions")]
    public static partial void Serving(ILogger logger, int nodeId, string clusterId, int topics, int partitions);

    [LoggerMessage(5041, LogLevel.Information, "Broker {NodeId} stops")]
    public static partial void Stopping(ILogger logger, int nodeId);

    [LoggerMessage(5042, LogLevel.Information, "Broker {NodeId} has stopped")]
    public static partial void Stopped(ILogger logger, int nodeId);

    [LoggerMessage(5043, LogLevel.Error, "Log directory {Path} is offline: its partitions are not served any more")]
    public static partial void LogDirectoryOffline(ILogger logger, string path, Exception exception);

    [LoggerMessage(5044, LogLevel.Warning, "Listener {Listener} can be reached by other machines at {EndPoint}, without authentication or encryption")]
    public static partial void ListensBeyondLoopback(ILogger logger, string listener, System.Net.IPEndPoint endPoint);
}
