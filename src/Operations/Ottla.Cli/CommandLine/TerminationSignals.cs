using System.Runtime.InteropServices;

namespace Ottla.Cli.CommandLine;

/// <summary>
/// Turns the first SIGINT or SIGTERM into a cancellation, so that commands end in order; a later one ends the process. What follows at
/// once counts as the first: <c>timeout</c> sends its signal to the process and again to the group of processes.
/// </summary>
internal sealed class TerminationSignals : IDisposable
{
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _source = new();
    private long _firstAt;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public TerminationSignals(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (!_source.IsCancellationRequested)
        {
            _firstAt = _timeProvider.GetTimestamp();
            context.Cancel = true;
            _source.Cancel();
        }
        else
        {
            context.Cancel = _timeProvider.GetElapsedTime(_firstAt) < Echo;
        }
    }
}
