using Microsoft.Extensions.Logging;
using Ottla.Protocol;

namespace Ottla.Broker.Requests;

internal static partial class RequestsLog
{
    [LoggerMessage(5020, LogLevel.Error, "{ApiKey} version {ApiVersion} of client {ClientId} failed")]
    public static partial void HandlerFailed(ILogger logger, ApiKey apiKey, short apiVersion, string? clientId, Exception exception);
}
