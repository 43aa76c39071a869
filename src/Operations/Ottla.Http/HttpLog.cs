using System.Net;
using Microsoft.Extensions.Logging;

namespace Ottla.Http;

/// <summary>What the HTTP endpoint logs. The next free id is 6003.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(6000, LogLevel.Information, "Metrics and health on http://{Address}/metrics and /healthz")]
    public static partial void Listening(ILogger logger, IPEndPoint address);

    [LoggerMessage(6001, LogLevel.Warning, "No metrics and health: cannot listen on {Address}, {Reason}. The broker serves all the same")]
    public static partial void CannotListen(ILogger logger, IPEndPoint address, string reason);

    [LoggerMessage(6002, LogLevel.Warning, "The metrics could not be collected")]
    public static partial void CollectingFailed(ILogger logger, Exception error);
}
