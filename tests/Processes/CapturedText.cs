using System.Text;

namespace Ottla.Tests.Processes;

/// <summary>Collects what a child process writes, and lets tests wait for a line of it.</summary>
internal sealed class CapturedText
{
    // Guards the builder, the waiters and the end flag.
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly List<(string Prefix, TaskCompletionSource<string?> Found)> _waiters = [];
    private bool _ended;

    public async Task PumpAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Add(line);
        }

        List<TaskCompletionSource<string?>> left;
        lock (_lock)
        {
            _ended = true;
            left = [.. _waiters.Select(waiter => waiter.Found)];
        }

        left.ForEach(waiter => waiter.TrySetResult(null));
    }

    /// <summary>The first line, past or future, that begins with the prefix; null when the text ends without one.</summary>
    public Task<string?> WaitForLineAsync(string prefix, CancellationToken cancellationToken)
    {
        TaskCompletionSource<string?> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            string? line = _text.ToString().Split('\n').FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal));
            if (line is not null || _ended)
            {
                return Task.FromResult(line);
            }

            _waiters.Add((prefix, found));
        }

        return found.Task.WaitAsync(cancellationToken);
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return _text.ToString();
        }
    }

    private void Add(string line)
    {
        List<TaskCompletionSource<string?>> reached;
        lock (_lock)
        {
            _text.Append(line).Append('\n');
            reached = [.. _waiters.Where(waiter => line.StartsWith(waiter.Prefix, StringComparison.Ordinal)).Select(waiter => waiter.Found)];
        }

        reached.ForEach(waiter => waiter.TrySetResult(line));
    }
}
