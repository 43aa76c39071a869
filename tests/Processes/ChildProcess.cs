using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Ottla.Tests.Processes;

/// <summary>
/// A program in a process group of its own. Disposing kills the group, so nothing that it started outlives the test, and
/// nothing else is ever touched. Safe for concurrent use.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int Hangup = 1, Interrupt = 2, Kill = 9, Terminate = 15;

    private readonly CommandLine _command;
    private readonly Process _process;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly CapturedText _output = new();
    private readonly CapturedText _error = new();
    private readonly Task _pumps;

    private ChildProcess(CommandLine command, Process process)
    {
        _command = command;
        _process = process;
        Id = process.Id;
        _pumps = Task.WhenAll(_output.PumpAsync(process.StandardOutput), _error.PumpAsync(process.StandardError), FeedAsync());
    }

    /// <summary>The process id, which is the id of its group as well.</summary>
    public int Id { get; }

    /// <summary>Whether the program has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to standard output until now.</summary>
    public string OutputSoFar => _output.ToString();

    /// <summary>What it has written to standard error until now.</summary>
    public string ErrorSoFar => _error.ToString();

    /// <summary>Starts <paramref name="command"/>.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program does not exist.</exception>
    public static ChildProcess Start(CommandLine command)
    {
        ProcessStartInfo info = new("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = command.WorkingFolder ?? string.Empty,
        };
        info.ArgumentList.Add(command.Program);
        foreach (string argument in command.Arguments)
        {
            info.ArgumentList.Add(argument);
        }

        foreach ((string name, string? value) in command.Environment)
        {
            info.Environment[name] = value;
        }

        Process process = Process.Start(info) ?? throw new InvalidOperationException($"{command.Program} did not start");
        return new ChildProcess(command, process);
    }

    /// <summary>Runs <paramref name="command"/> to its end.</summary>
    /// <exception cref="CommandFailedException">It took longer than its timeout.</exception>
    public static async Task<CommandResult> RunAsync(CommandLine command, CancellationToken cancellationToken)
    {
        await using ChildProcess child = Start(command);
        return await child.WaitForExitAsync(command.Timeout, cancellationToken);
    }

    /// <summary>Waits until the program has ended and all its output is read.</summary>
    /// <exception cref="CommandFailedException">It took longer than <paramref name="timeout"/>.</exception>
    public async Task<CommandResult> WaitForExitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            // A grandchild that lives on keeps the pipes open: the limit is for it too.
            await _pumps.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            KillGroup();
            throw new CommandFailedException($"not done after {timeout.TotalSeconds:F0} s", Result(exitCode: -1));
        }

        return Result(_process.ExitCode);
    }

    /// <summary>Waits until a line of standard output begins with <paramref name="prefix"/>, and returns that line.</summary>
    /// <exception cref="CommandFailedException">The program ended first, or the time was up.</exception>
    public async Task<string> WaitForLineAsync(string prefix, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            string? line = await _output.WaitForLineAsync(prefix, cancellationToken).WaitAsync(timeout, cancellationToken);
            if (line is not null)
            {
                return line;
            }

            await _process.WaitForExitAsync(cancellationToken);
            throw new CommandFailedException($"ended before a line '{prefix}…'", Result(_process.ExitCode));
        }
        catch (TimeoutException)
        {
            throw new CommandFailedException($"no line '{prefix}…' after {timeout.TotalSeconds:F0} s", Result(exitCode: -1));
        }
    }

    /// <summary>Asks the program itself, not its children, to end (SIGTERM).</summary>
    public void RequestStop() => Check(SendSignal(Id, Terminate));

    /// <summary>Interrupts the program itself as Ctrl-C would (SIGINT).</summary>
    public void RequestInterrupt() => Check(SendSignal(Id, Interrupt));

    /// <summary>Hangs up on the program as a closed terminal would (SIGHUP).</summary>
    public void HangUp() => Check(SendSignal(Id, Hangup));

    /// <summary>Ends the program and all that it started at once (SIGKILL).</summary>
    public void KillGroup()
    {
        SignalGroup(Kill);

        // In the first moments the program is still in this process's group, and has no children.
        _process.Kill();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        KillGroup();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);

    private static void Check(int outcome)
    {
        const int NoSuchProcess = 3;
        int error = Marshal.GetLastPInvokeError();
        if (outcome != 0 && error != NoSuchProcess)
        {
            throw new InvalidOperationException($"kill failed with errno {error}");
        }
    }

    private void SignalGroup(int signal) => Check(SendSignal(-Id, signal));

    private CommandResult Result(int exitCode) =>
        new(_command.ToString(), exitCode, _output.ToString(), _error.ToString(), _elapsed.Elapsed);

    private async Task FeedAsync()
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(_command.Input);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program may end without reading its input; its exit code tells the test what matters.
        }
    }
}
