using System.Collections.Concurrent;
using System.Text;
using Ottla.Client.Consuming;
using Ottla.Protocol;

namespace Ottla.Client.Tests.Support;

/// <summary>A consumer that reads in the background what it is given, as a process of its own would: with its own client and connections.</summary>
internal sealed class RunningConsumer : IAsyncDisposable
{
    private readonly OttlaClient _client;
    private readonly Consumer _consumer;
    private readonly Action _changed;
    private readonly Func<ConsumedRecord, Task> _handle;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _reading;
    private bool _isDisposed;

    public RunningConsumer(OttlaClient client, ConsumerOptions options, string topic, Action changed, Func<ConsumedRecord, Task>? handle)
    {
        _client = client;
        _changed = changed;
        _handle = handle ?? (_ => Task.CompletedTask);
        _consumer = client.CreateConsumer(options with
        {
            PartitionsAssigned = (partitions, _) => Note(Given, partitions),
            PartitionsRevoked = (partitions, _) => Note(Taken, partitions),
        });
        _consumer.Subscribe(topic);
        _reading = ReadAsync();
    }

    /// <summary>The partitions that it reads now, in order.</summary>
    public int[] Assigned => [.. _consumer.Assignment.Select(partition => partition.Partition.Value).Order()];

    /// <summary>All partitions that it was ever given, in the order of events.</summary>
    public ConcurrentQueue<int> Given { get; } = new();

    /// <summary>All partitions that were ever taken from it, in the order of events.</summary>
    public ConcurrentQueue<int> Taken { get; } = new();

    /// <summary>The values that it has handled.</summary>
    public ConcurrentQueue<string> Handled { get; } = new();

    /// <summary>Why it stopped, if it did so by itself.</summary>
    public Exception? Failure { get; private set; }

    public ValueTask CommitAsync(CancellationToken cancellationToken) => _consumer.CommitAsync(cancellationToken);

    public override string ToString() =>
        $"has [{string.Join(',', Assigned)}], handled {Handled.Count}, was given [{string.Join(',', Given)}], lost [{string.Join(',', Taken)}]{(Failure is null ? "" : $", failed: {Failure}")}";

    /// <summary>Leaves the group in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stopping.CancelAsync();
        await _reading;
        await _consumer.DisposeAsync();
        await _client.DisposeAsync();
        _stopping.Dispose();
        _changed();
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (ConsumedRecord record in _consumer.ReadAsync(_stopping.Token))
            {
                await _handle(record);
                Handled.Enqueue(Encoding.UTF8.GetString(record.Value.GetValueOrDefault().Span));
                _changed();
            }
        }
        catch (Exception exception)
        {
            Failure = exception is OperationCanceledException && _stopping.IsCancellationRequested ? null : exception;
            _changed();
        }
    }

    private ValueTask Note(ConcurrentQueue<int> events, IReadOnlyList<TopicPartition> partitions)
    {
        foreach (TopicPartition partition in partitions)
        {
            events.Enqueue(partition.Partition.Value);
        }

        _changed();
        return ValueTask.CompletedTask;
    }
}
