using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Coordination.Hosts;

/// <summary>
/// Appends the records of a decision as one batch and applies them. Only what does not fit into a batch of the log is cut into several:
/// such decisions are many tombstones or many offsets, which do not depend on each other. Not thread-safe.
/// </summary>
/// <typeparam name="TRecord">The machine's records.</typeparam>
internal sealed class CoordinatorBatchWriter<TRecord>(
    ICoordinatorLog log, ICoordinatorRecordFormat<TRecord> format, CompressionCodec codec, Action<TRecord> apply)
    : IDisposable
    where TRecord : class
{
    private const int KeptCapacityBytes = 64 * 1024;
    private readonly RecordBatchOptions _batchOptions = RecordBatchOptions.Default with { Codec = codec };
    private RecordBatchBuilder? _builder;

    /// <summary>Why the last record that could not be written could not.</summary>
    public Exception? Unwritable { get; private set; }

    /// <summary>
    /// The last offset is that of the last record appended, -1 if none was. After an error the records of the batches before it are in
    /// the log and applied, and the others are neither.
    /// </summary>
    public CoordinatorAppend Append(IReadOnlyList<TRecord> records, long timestamp)
    {
        long lastOffset = -1;
        int next = 0;
        while (next < records.Count)
        {
            int first = next;
            RecordBatchBuilder builder = Rent();
            try
            {
                next = Fill(builder, records, first, timestamp);
            }
            catch (Exception exception) when (exception is InvalidOperationException or OverflowException)
            {
                // Requests bring longer strings than the format of a record holds. Nothing of this batch is in the log.
                Unwritable = exception;
                return new CoordinatorAppend(ErrorCode.UnknownServerError, lastOffset);
            }

            CoordinatorAppend append = log.Append(builder.Build());
            ReleaseLargeBuilder(builder);
            if (append.Error != ErrorCode.None)
            {
                return new CoordinatorAppend(append.Error, lastOffset);
            }

            lastOffset = append.LastOffset;
            for (int i = first; i < next; i++)
            {
                apply(records[i]);
            }
        }

        return new CoordinatorAppend(ErrorCode.None, lastOffset);
    }

    /// <inheritdoc/>
    public void Dispose() => _builder?.Dispose();

    /// <summary>Fills a batch from a record on and returns the index of the first that is not in it.</summary>
    private int Fill(RecordBatchBuilder builder, IReadOnlyList<TRecord> records, int first, long timestamp)
    {
        int next = first;
        while (next < records.Count)
        {
            ReadOnlyMemory<byte> key = format.WriteKey(records[next]);
            ReadOnlyMemory<byte>? value = format.WriteValue(records[next]);
            long size = RecordBatchBuilder.UpperBoundOfRecord(key.Length, value?.Length ?? 0);
            if (next > first && builder.SizeInBytes + size > log.MaxBatchBytes)
            {
                break;
            }

            builder.Append(timestamp, key, value);
            next++;
        }

        return next;
    }

    private RecordBatchBuilder Rent()
    {
        if (_builder is null)
        {
            return _builder = new RecordBatchBuilder(_batchOptions);
        }

        _builder.Reset(_batchOptions);
        return _builder;
    }

    /// <summary>One large decision must not keep its memory for the life of fifty hosts.</summary>
    private void ReleaseLargeBuilder(RecordBatchBuilder builder)
    {
        if (builder.SizeInBytes > KeptCapacityBytes)
        {
            builder.Dispose();
            _builder = null;
        }
    }
}
