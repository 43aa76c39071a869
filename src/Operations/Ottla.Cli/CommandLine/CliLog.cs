using Microsoft.Extensions.Logging;

namespace Ottla.Cli.CommandLine;

internal static partial class CliLog
{
    [LoggerMessage(8000, LogLevel.Debug, "The broker could not start")]
    public static partial void StartFailed(ILogger logger, Exception exception);
}
