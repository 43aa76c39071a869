using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Coordination.Hosts;

/// <summary>Replays a partition's log, batch by batch, into a machine.</summary>
/// <typeparam name="TRecord">The machine's records.</typeparam>
internal sealed class CoordinatorLoader<TRecord>(ICoordinatorRecordFormat<TRecord> format, Action<TRecord> apply)
    where TRecord : class
{
    private byte[] _scratch = new byte[4_096];

    /// <summary>How many records were replayed.</summary>
    public long RecordCount { get; private set; }

    /// <summary>The offset of the next record to replay.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Replays from the log's start to its end. Anything but NONE is the error of a read; call again to go on.</summary>
    /// <exception cref="MalformedMessageException">A record is not readable; <see cref="NextOffset"/> tells in which batch.</exception>
    /// <exception cref="MalformedRecordsException">Likewise for a batch.</exception>
    public async ValueTask<ErrorCode> LoadAsync(ICoordinatorLog log, int bufferBytes, CancellationToken cancellationToken)
    {
        NextOffset = Math.Max(NextOffset, log.LogStartOffset);
        while (NextOffset < log.LogEndOffset)
        {
            using CoordinatorRead read = await log.ReadAsync(NextOffset, bufferBytes, cancellationToken);
            if (read.Error != ErrorCode.None)
            {
                return read.Error;
            }

            if (!TryReplay(read.Records))
            {
                return ErrorCode.CorruptMessage;
            }
        }

        return ErrorCode.None;
    }

    /// <summary>False if there was no whole batch, so that nothing was replayed.</summary>
    private bool TryReplay(ReadOnlyMemory<byte> bytes)
    {
        bool hasReplayed = false;
        var batches = new RecordBatchEnumerator(bytes);
        while (batches.MoveNext())
        {
            RecordBatchHeader header = batches.Header;
            if (header.NextOffset > NextOffset && !header.IsControl)
            {
                ReplayBatch(header, batches.Current[RecordBatchHeader.SizeInBytes..]);
            }

            NextOffset = Math.Max(NextOffset, header.NextOffset);
            hasReplayed = true;
        }

        return hasReplayed;
    }

    private void ReplayBatch(in RecordBatchHeader header, ReadOnlyMemory<byte> records)
    {
        if (header.Codec == CompressionCodec.None)
        {
            ReplayRecords(header, records.Span);
            return;
        }

        using PooledBuffer decompressed = RecordCompression.Decompress(header.Codec, records, DecompressionLimits.Default);
        ReplayRecords(header, decompressed.Span);
    }

    private void ReplayRecords(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        foreach (ref readonly RecordView record in new RecordEnumerator(records, header.RecordCount))
        {
            // The first batch of a read may begin below the offset that was asked for.
            if (header.BaseOffset + record.OffsetDelta < NextOffset || !record.HasKey)
            {
                continue;
            }

            if (ReadRecord(record) is { } readable)
            {
                apply(readable);
            }

            RecordCount++;
        }
    }

    /// <summary>Messages are read from memory, and a record is a span: it goes through one buffer that all records share.</summary>
    private TRecord? ReadRecord(in RecordView record)
    {
        int length = record.Key.Length + record.Value.Length;
        if (_scratch.Length < length)
        {
            _scratch = new byte[length * 2];
        }

        record.Key.CopyTo(_scratch);
        record.Value.CopyTo(_scratch.AsSpan(record.Key.Length));
        ReadOnlyMemory<byte> key = _scratch.AsMemory(0, record.Key.Length);
        ReadOnlyMemory<byte>? value = null;
        if (record.HasValue)
        {
            value = _scratch.AsMemory(record.Key.Length, record.Value.Length);
        }

        return format.Read(key, value);
    }
}
