using System.Buffers;
using System.Text;
using Ottla.Protocol;
using Layout = Ottla.Records.RecordBatchLayout;

namespace Ottla.Records;

/// <summary>
/// Builds one record batch v2 in pooled memory. Appending allocates nothing per record; records are compressed and the checksum is
/// computed once, by <see cref="Build"/>. Not thread-safe. After <see cref="Build"/> only <see cref="Reset"/> and
/// <see cref="Dispose"/> are left.
/// </summary>
public sealed class RecordBatchBuilder : IDisposable
{
    private RecordBatchOptions _options;
    private byte[] _buffer;
    private PooledBuffer? _compressed;
    private int _position = Layout.Records;
    private int _recordCount;
    private int _lastOffsetDelta = -1;
    private long _baseTimestamp = Layout.NoTimestamp;
    private long _maxTimestamp = Layout.NoTimestamp;
    private int _offsetDeltaOfMaxTimestamp;
    private ReadOnlyMemory<byte> _built;

    /// <summary>Starts an empty batch.</summary>
    public RecordBatchBuilder(RecordBatchOptions options)
    {
        _options = options;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(options.InitialCapacityInBytes, Layout.Records));
        Start(options);
    }

    /// <summary>How many records were appended.</summary>
    public int RecordCount => _recordCount;

    /// <summary>Bytes of the batch so far, header included, before compression.</summary>
    public int SizeInBytes => _position;

    /// <summary>The largest timestamp appended so far, in milliseconds since 1970; -1 for none.</summary>
    public long MaxTimestamp => _options.LogAppendTime ?? _maxTimestamp;

    /// <summary>The offset delta of the first record that has <see cref="MaxTimestamp"/>.</summary>
    public int OffsetDeltaOfMaxTimestamp => _offsetDeltaOfMaxTimestamp;

    /// <summary>The most bytes that a record of these sizes can add to an uncompressed batch.</summary>
    /// <param name="keyLength">Bytes of the key, 0 for null.</param>
    /// <param name="valueLength">Bytes of the value, 0 for null.</param>
    /// <param name="headers">The record's headers.</param>
    public static long UpperBoundOfRecord(int keyLength, int valueLength, ReadOnlySpan<RecordHeader> headers = default)
    {
        // Five varints of at most 5 bytes, one of at most 10, and the attributes.
        const int MaxOverhead = 36;
        long size = MaxOverhead + (long)keyLength + valueLength;
        foreach (RecordHeader header in headers)
        {
            size += 10 + Encoding.UTF8.GetMaxByteCount(header.Key.Length) + (header.Value?.Length ?? 0);
        }

        return size;
    }

    /// <summary>Appends a record at the next offset.</summary>
    /// <param name="timestamp">Milliseconds since 1970; -1 for none.</param>
    /// <param name="key">The key or null.</param>
    /// <param name="value">The value or null.</param>
    /// <param name="headers">The headers, in order.</param>
    /// <returns>The record's offset less the batch's base offset.</returns>
    public int Append(long timestamp, NullableBytes key, NullableBytes value, ReadOnlySpan<RecordHeader> headers = default) =>
        AppendAt(_lastOffsetDelta + 1, timestamp, key, value, headers);

    /// <summary>Appends a record at an offset of its own, above those before it: compaction leaves gaps.</summary>
    /// <inheritdoc cref="Append"/>
    public int AppendAt(int offsetDelta, long timestamp, NullableBytes key, NullableBytes value, ReadOnlySpan<RecordHeader> headers = default)
    {
        int headerBytes = RecordWriter.SizeOfHeaders(headers);
        int headersAt = AppendBody(offsetDelta, timestamp, key, value, headers.Length, headerBytes);
        RecordWriter.WriteHeaders(_buffer.AsSpan(headersAt, headerBytes), headers);
        return offsetDelta;
    }

    /// <summary>Appends a record of another batch at an offset of its own, headers included.</summary>
    /// <param name="offsetDelta">The record's offset less this batch's base offset.</param>
    /// <param name="timestamp">Milliseconds since 1970; -1 for none.</param>
    /// <param name="record">The record, whose own deltas are not looked at.</param>
    public void AppendCopy(int offsetDelta, long timestamp, in RecordView record)
    {
        int headersAt = AppendBody(
            offsetDelta, timestamp, record.NullableKey, record.NullableValue, record.HeaderCount, record.HeaderBytes.Length);
        record.HeaderBytes.CopyTo(_buffer.AsSpan(headersAt));
    }

    /// <summary>Sets the idempotent producer's id, epoch and first sequence number, which a client knows only when it sends.</summary>
    public void SetProducer(ProducerId producerId, short producerEpoch, int baseSequence)
    {
        RequireOpen();
        _options = _options with { ProducerId = producerId, ProducerEpoch = producerEpoch, BaseSequence = baseSequence };
    }

    /// <summary>Finishes the batch: compresses the records where the options ask for it and computes the checksum.</summary>
    /// <returns>The whole batch, in memory that belongs to the builder until <see cref="Reset"/> or <see cref="Dispose"/>.</returns>
    /// <exception cref="InvalidOperationException">No record was appended, or the batch was built before.</exception>
    public Memory<byte> Build()
    {
        RequireOpen();
        if (_recordCount == 0)
        {
            throw new InvalidOperationException("A batch needs at least one record.");
        }

        Memory<byte> batch = _options.Codec == CompressionCodec.None ? _buffer.AsMemory(0, _position) : Compress();
        CreateHeader(batch.Length).Write(batch.Span);
        RecordBatchPatch.SealChecksum(batch.Span);
        _built = batch;
        return batch;
    }

    /// <summary>Builds the batch and gives its memory to the caller; the builder is done then, as after <see cref="Dispose"/>.</summary>
    /// <inheritdoc cref="Build"/>
    /// <returns>The whole batch, owned by the caller.</returns>
    public PooledBuffer TakeBatch()
    {
        Memory<byte> built = Build();
        PooledBuffer taken = _compressed ?? PooledBuffer.TakeRented(_buffer, built.Length);
        _buffer = _compressed is null ? [] : _buffer;
        _compressed = null;
        Dispose();
        return taken;
    }

    /// <summary>Starts over with an empty batch in the same memory; what <see cref="Build"/> returned is invalid from here on.</summary>
    public void Reset(RecordBatchOptions options)
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        Start(options);
    }

    /// <summary>Gives the memory back; what <see cref="Build"/> returned is invalid from here on.</summary>
    public void Dispose()
    {
        if (_buffer.Length != 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _compressed?.Dispose();
            _compressed = null;
            _built = default;
        }
    }

    private void Start(RecordBatchOptions options)
    {
        _options = options;
        _position = Layout.Records;
        _recordCount = 0;
        _lastOffsetDelta = -1;
        _maxTimestamp = Layout.NoTimestamp;
        _baseTimestamp = options.DeleteHorizon ?? Layout.NoTimestamp;
        _offsetDeltaOfMaxTimestamp = 0;
        _built = default;
        _compressed?.Dispose();
        _compressed = null;
    }

    private int AppendBody(int offsetDelta, long timestamp, NullableBytes key, NullableBytes value, int headerCount, int headerBytes)
    {
        RequireOpen();
        if (offsetDelta <= _lastOffsetDelta)
        {
            throw new ArgumentOutOfRangeException(nameof(offsetDelta), offsetDelta, "Offsets of a batch ascend.");
        }

        if (_recordCount == 0 && _options.DeleteHorizon is null)
        {
            _baseTimestamp = timestamp;
        }

        var shape = new RecordWriter(offsetDelta, timestamp - _baseTimestamp, headerCount);
        long bodySize = shape.SizeOfBody(key, value, headerBytes);
        EnsureRoom(bodySize + Varint.SizeOf(bodySize));
        _position = shape.Write(_buffer, _position, (int)bodySize, key, value);
        int headersAt = _position;
        _position += headerBytes;
        _recordCount++;
        _lastOffsetDelta = offsetDelta;
        if (timestamp > _maxTimestamp)
        {
            _maxTimestamp = timestamp;
            _offsetDeltaOfMaxTimestamp = offsetDelta;
        }

        return headersAt;
    }

    private Memory<byte> Compress()
    {
        _compressed = RecordCompression.Compress(
            _options.Codec, _options.CompressionLevel, _buffer.AsSpan(Layout.Records.._position), Layout.Records);
        return _compressed.Memory;
    }

    private RecordBatchHeader CreateHeader(int totalSizeInBytes) => new()
    {
        BaseOffset = _options.BaseOffset,
        BatchLength = totalSizeInBytes - Layout.LogOverhead,
        PartitionLeaderEpoch = _options.LeaderEpoch.Value,
        Magic = Layout.CurrentMagic,
        Attributes = CreateAttributes(),
        LastOffsetDelta = _lastOffsetDelta,
        BaseTimestamp = _baseTimestamp,
        MaxTimestamp = MaxTimestamp,
        ProducerId = _options.ProducerId.Value,
        ProducerEpoch = _options.ProducerEpoch,
        BaseSequence = _options.BaseSequence,
        RecordCount = _recordCount,
    };

    private short CreateAttributes() => (short)((byte)_options.Codec
        | (_options.LogAppendTime is null ? 0 : Layout.LogAppendTimeFlag)
        | (_options.IsTransactional ? Layout.TransactionalFlag : 0)
        | (_options.IsControl ? Layout.ControlFlag : 0)
        | (_options.DeleteHorizon is null ? 0 : Layout.DeleteHorizonFlag));

    private void EnsureRoom(long bytes)
    {
        if (bytes <= _buffer.Length - _position)
        {
            return;
        }

        long needed = _position + bytes;
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException($"A batch cannot hold {needed} bytes.");
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, 2L * _buffer.Length), Array.MaxLength));
        _buffer.AsSpan(0, _position).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void RequireOpen()
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        if (!_built.IsEmpty)
        {
            throw new InvalidOperationException("The batch has been built.");
        }
    }
}
