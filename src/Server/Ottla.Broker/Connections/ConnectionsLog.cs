using System.Net;
using Microsoft.Extensions.Logging;
using Ottla.Broker.Requests;

namespace Ottla.Broker.Connections;

internal static partial class ConnectionsLog
{
    [LoggerMessage(5000, LogLevel.Information, "Listener {Listener} listens on {EndPoint}")]
    public static partial void Listening(ILogger logger, ListenerName listener, IPEndPoint endPoint);

    [LoggerMessage(5001, LogLevel.Debug, "Connection {ConnectionId} from {EndPoint} opened on {Listener}")]
    public static partial void Opened(ILogger logger, long connectionId, IPEndPoint endPoint, ListenerName listener);

    [LoggerMessage(5002, LogLevel.Debug, "Connection {ConnectionId} closed: {Reason}")]
    public static partial void Closed(ILogger logger, long connectionId, string reason);

    [LoggerMessage(5003, LogLevel.Warning, "Connection {ConnectionId} from {EndPoint} closed: {Reason}")]
    public static partial void ClosedForBadInput(ILogger logger, long connectionId, IPEndPoint endPoint, string reason);

    [LoggerMessage(5004, LogLevel.Warning, "A connection from {Address} was refused: it has as many as max.connections.per.ip allows")]
    public static partial void TooManyFromAddress(ILogger logger, IPAddress address);

    [LoggerMessage(5005, LogLevel.Error, "Listener {Listener} could not accept a connection")]
    public static partial void AcceptFailed(ILogger logger, ListenerName listener, Exception exception);

    [LoggerMessage(5006, LogLevel.Error, "Connection {ConnectionId} failed")]
    public static partial void Failed(ILogger logger, long connectionId, Exception exception);

    [LoggerMessage(5007, LogLevel.Warning, "{Count} connections still had requests under way after {Timeout} and were cut")]
    public static partial void CutAtStop(ILogger logger, int count, TimeSpan timeout);
}
