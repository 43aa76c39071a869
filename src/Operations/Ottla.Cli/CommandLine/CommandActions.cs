using System.CommandLine;
using Ottla.Client;

namespace Ottla.Cli.CommandLine;

/// <summary>Runs commands and turns whatever they throw into one line of error and an exit code.</summary>
internal static class CommandActions
{
    /// <summary>Sets what <paramref name="command"/> does.</summary>
    public static Command Runs(this Command command, CliConsole console, Func<CommandContext, CancellationToken, Task> run)
    {
        command.SetAction((parsed, cancellationToken) => RunAsync(new CommandContext(parsed, console), run, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, Func<CommandContext, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run(context, cancellationToken);
            return ExitCode.Success;
        }
        catch (UsageException exception)
        {
            await context.Error.WriteLineAsync($"ottla: {exception.Message}");
            return ExitCode.Usage;
        }
        catch (CommandFailedException exception)
        {
            await context.Error.WriteLineAsync($"ottla: {exception.Message}");
            return ExitCode.Failure;
        }
        catch (KafkaException exception)
        {
            await context.Error.WriteLineAsync($"ottla: {Describe(exception)}");
            return ExitCode.Failure;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await context.Error.WriteLineAsync("ottla: interrupted");
            return ExitCode.Failure;
        }
        catch (IOException exception) when (exception.HResult == BrokenPipe)
        {
            return ExitCode.Success; // whoever reads the output has seen enough, as with `| head`
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync($"ottla: {exception.Message}");
            return ExitCode.Failure;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A bug of ours. Scripts still get an exit code that is documented, and whoever reports it has what is needed.
            await context.Error.WriteLineAsync($"ottla: this should not have happened, please report it: {exception}");
            return ExitCode.Failure;
        }
        finally
        {
            await FlushAsync(context.Output);
        }
    }

    // EPIPE, as the runtime reports it on Linux and macOS.
    private const int BrokenPipe = 32;

    private static async Task FlushAsync(TextWriter output)
    {
        try
        {
            await output.FlushAsync(CancellationToken.None);
        }
        catch (IOException exception) when (exception.HResult == BrokenPipe)
        {
            // As above.
        }
    }

    private static string Describe(KafkaException exception) => exception.TriedAddresses.Count == 0
        ? exception.Message
        : $"{exception.Message}\n       Tried {string.Join(", ", exception.TriedAddresses)}. "
            + "Start a broker with `ottla dev up`, or name another with -b HOST:PORT.";
}
