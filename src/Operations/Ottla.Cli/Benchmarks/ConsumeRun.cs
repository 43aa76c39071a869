using System.Globalization;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client.Consuming;

namespace Ottla.Cli.Benchmarks;

/// <summary>One run of the consume benchmark, with its report.</summary>
internal sealed class ConsumeRun(Consumer consumer, CliConsole console, RebalanceClock rebalances)
{
    private readonly long _started = console.TimeProvider.GetTimestamp();
    private readonly DateTimeOffset _startTime = console.TimeProvider.GetLocalNow();
    private ConsumedAmount _reported;
    private long _reportedAt = console.TimeProvider.GetTimestamp();
    private TimeSpan _reportedRebalancing;

    public required long RecordCount { get; init; }

    /// <summary>Without a record for this long the run ends.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>How often to write a line about what came since the last one; null for one line about everything at the end.</summary>
    public required TimeSpan? DetailInterval { get; init; }

    public required DatePattern Dates { get; init; }

    /// <summary>What was read.</summary>
    public ConsumedAmount Total { get; private set; }

    /// <summary>Reads and reports.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await rebalances.BeginAsync();
        await ReadAsync(cancellationToken);
        DateTimeOffset endTime = console.TimeProvider.GetLocalNow();
        TimeSpan elapsed = console.TimeProvider.GetElapsedTime(_started);
        if (Total.Records < RecordCount)
        {
            await console.Output.WriteLineAsync(ProgressReport.NotAllConsumed(Limit));
        }

        if (DetailInterval is null)
        {
            string times = $"{Dates.Format(_startTime)}, {Dates.Format(endTime)}";
            await console.Output.WriteLineAsync(ProgressReport.Consumed(times, Total, Total, elapsed, rebalances.Total));
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(Limit, console.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        try
        {
            await foreach (ConsumedBatch batch in consumer.ReadBatchesAsync(linked.Token))
            {
                Count(batch);
                idle.CancelAfter(Limit);
                if (DetailInterval is { } interval && console.TimeProvider.GetElapsedTime(_reportedAt) >= interval)
                {
                    await console.Output.WriteLineAsync(TakeDetail());
                    await console.Output.FlushAsync(cancellationToken);
                }

                if (Total.Records >= RecordCount)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No record came for as long as the user wants to wait: what came is reported.
        }
    }

    private void Count(ConsumedBatch batch)
    {
        long records = 0;
        long bytes = 0;
        foreach (ConsumedRecordView record in batch)
        {
            records++;
            bytes += record.Key.Length + record.Value.Length;
        }

        Total = new ConsumedAmount(Total.Records + records, Total.Bytes + bytes);
    }

    private string TakeDetail()
    {
        long now = console.TimeProvider.GetTimestamp();
        string line = ProgressReport.Consumed(
            string.Create(CultureInfo.InvariantCulture, $"{Dates.Format(console.TimeProvider.GetLocalNow())}, 0"), // one thread, as Kafka's tool has
            Total,
            Total - _reported,
            console.TimeProvider.GetElapsedTime(_reportedAt, now),
            rebalances.Total - _reportedRebalancing);
        (_reported, _reportedAt, _reportedRebalancing) = (Total, now, rebalances.Total);
        return line;
    }
}
