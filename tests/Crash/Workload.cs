using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;

namespace Ottla.Crash.Tests;

/// <summary>
/// A producer that goes on through every crash of the broker, one number after the other per partition, and remembers which numbers were
/// acknowledged. What it must then find in the log follows from that alone.
/// </summary>
internal sealed class Workload(string topic, int partitions, bool isIdempotent) : IDisposable
{
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

    /// <summary>Compares the log with what was acknowledged.</summary>
    public void AssertHolds(IReadOnlyList<ConsumeResult<string, string>> log, string seed)
    {
        Dictionary<(int Partition, long Offset), long> byOffset = log.ToDictionary(found => (found.Partition.Value, found.Offset.Value), Number);
        foreach (((int partition, long number), long offset) in _acknowledged)
        {
            Assert.True(
                byOffset.TryGetValue((partition, offset), out long found) && found == number,
                $"{topic}-{partition}: number {number} was acknowledged at offset {offset}, where {(byOffset.TryGetValue((partition, offset), out long other) ? other.ToString(CultureInfo.InvariantCulture) : "nothing")} is now; {seed}");
        }

        for (int partition = 0; partition < partitions; partition++)
        {
            long[] offsets = [.. log.Where(found => found.Partition.Value == partition).Select(found => found.Offset.Value)];
            Assert.Equal(Enumerable.Range(0, offsets.Length).Select(index => (long)index), offsets);
            long[] numbers = [.. log.Where(found => found.Partition.Value == partition).Select(Number)];
            if (isIdempotent)
            {
                Assert.True(numbers.SequenceEqual(numbers.Distinct().Order()), $"{topic}-{partition}: a number is there twice or out of order; {seed}");
            }
        }
    }

    public void Dispose() => _stop.Dispose();

    private static long Number(ConsumeResult<string, string> found) => long.Parse(found.Message.Value, CultureInfo.InvariantCulture);

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
                Message<string, string> message = new() { Key = $"{partition}", Value = sent.ToString(CultureInfo.InvariantCulture) };
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
