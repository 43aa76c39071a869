using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;

namespace Ottla.Crash.Tests;

/// <summary>
/// A producer that goes on through every crash of the broker, one number after the other per partition, and remembers which numbers were
/// acknowledged. What it must then find in the log follows from that alone.
/// </summary>
/// <param name="topic">The topic.</param>
/// <param name="partitions">How many partitions it has.</param>
/// <param name="isIdempotent">Whether the producer is.</param>
/// <param name="isRetained">Whether retention takes records from the start of the log.</param>
internal sealed class Workload(string topic, int partitions, bool isIdempotent, bool isRetained = false) : IDisposable
{
    // So that segments fill up and are rolled.
    private static readonly string Padding = new(' ', 150);

    private readonly ConcurrentDictionary<(int Partition, long Number), long> _acknowledged = [];
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;

    public int AcknowledgedCount => _acknowledged.Count;

    public void Start(string address) => _sending = Task.Factory.StartNew(() => Send(address), TaskCreationOptions.LongRunning);

    /// <summary>Stops to send, waits until all that is under way is answered, and returns.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        Assert.True(!isIdempotent || _failures.IsEmpty, $"an idempotent producer gave up: {string.Join(", ", _failures.Take(3))}");
    }

    /// <summary>Compares the log with what was acknowledged: all is there, in order, and what an idempotent producer sent is there once.</summary>
    public void AssertHolds(IReadOnlyList<ConsumeResult<string, string>> log, string seed)
    {
        ILookup<int, ConsumeResult<string, string>> byPartition = log.ToLookup(static found => found.Partition.Value);
        long[] starts = [.. Enumerable.Range(0, partitions).Select(partition => isRetained ? StartOf(byPartition[partition]) : 0)];
        Dictionary<(int Partition, long Offset), long> byOffset = log.ToDictionary(found => (found.Partition.Value, found.Offset.Value), Number);
        foreach (((int partition, long number), long offset) in _acknowledged)
        {
            if (offset >= starts[partition])
            {
                Assert.True(
                    byOffset.TryGetValue((partition, offset), out long found) && found == number,
                    $"{topic}-{partition}: number {number} was acknowledged at offset {offset}, where {(byOffset.TryGetValue((partition, offset), out long other) ? other.ToString(CultureInfo.InvariantCulture) : "nothing")} is now; {seed}");
            }
        }

        for (int partition = 0; partition < partitions; partition++)
        {
            long[] offsets = [.. byPartition[partition].Select(static found => found.Offset.Value)];
            Assert.Equal(Enumerable.Range(0, offsets.Length).Select(index => starts[partition] + index), offsets);

            // One that is not idempotent may send again what was written already, and sends nothing else before.
            long[] numbers = [.. byPartition[partition].Select(Number)];
            long[] sent = isIdempotent ? numbers : [.. numbers.Distinct()];
            Assert.True(sent.SequenceEqual(Enumerable.Range(0, sent.Length).Select(index => numbers[0] + index)), $"{topic}-{partition}: a number is missing, there twice or out of order; {seed}");
        }
    }

    public void Dispose() => _stop.Dispose();

    private static long Number(ConsumeResult<string, string> found) => long.Parse(found.Message.Value, CultureInfo.InvariantCulture);

    private long StartOf(IEnumerable<ConsumeResult<string, string>> found)
    {
        long start = found.FirstOrDefault()?.Offset.Value ?? -1;
        Assert.True(start > 0, $"{topic}: retention took nothing, or all: its log begins at {start}");
        return start;
    }

    private void Send(string address)
    {
        const int InFlight = 500;
        using SemaphoreSlim window = new(InFlight);
        using IProducer<string, string> producer = ConfluentClients.NewProducer(address, isIdempotent);
        for (long number = 0; !_stop.IsCancellationRequested; number++)
        {
            for (int partition = 0; partition < partitions; partition++)
            {
                window.Wait();
                long sent = number;
                Message<string, string> message = new() { Key = $"{partition}", Value = sent.ToString(CultureInfo.InvariantCulture) + Padding };
                producer.Produce(new TopicPartition(topic, partition), message, report =>
                {
                    Remember(report, sent);
                    window.Release();
                });
            }
        }

        producer.Flush(TimeSpan.FromSeconds(60));
    }

    private void Remember(DeliveryReport<string, string> report, long number)
    {
        if (report.Error.IsError)
        {
            _failures.Enqueue(report.Error.Reason);
        }
        else if (report.Offset.Value >= 0)
        {
            // A retry of a batch that was too long ago is acknowledged without its offset.
            _acknowledged[(report.Partition.Value, number)] = report.Offset.Value;
        }
    }
}
