using System.Text;
using Ottla.Broker.Hosting;
using Ottla.Cli.CommandLine;

// Before anything touches a socket: a broker, and a client beside it, save a thread switch per request.
SocketRuntime.PreferInlineCompletions();

using Stream outputStream = Console.OpenStandardOutput();
await using var output = new StreamWriter(outputStream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024);
await using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
var console = new CliConsole(output, error, Console.OpenStandardInput)
{
    Width = Console.IsOutputRedirected ? null : Console.WindowWidth,
};
using var signals = new TerminationSignals(TimeProvider.System);
return await OttlaCommand.RunAsync(args, console, signals.Token);
