using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Client.Consuming;

/// <summary>Takes one chunk apart, batch by batch. One thread at a time.</summary>
internal sealed class BatchCursor(FetchedChunk chunk, bool checksCrcs)
{
    private int _position;
    private PooledBuffer? _decompressed;
    private bool _isReleased;

    public FetchedChunk Chunk => chunk;

    /// <summary>
    /// The next batch that has records for the reader at <paramref name="position"/>. Control batches are left out, and moving past
    /// one moves <paramref name="position"/> too.
    /// </summary>
    /// <exception cref="KafkaException"><see cref="ErrorCode.CorruptMessage"/>: a batch is damaged.</exception>
    public ConsumedBatch? Next(ref long position)
    {
        ReleaseDecompressed();
        while (RecordBatchHeader.TryRead(chunk.Records.Span[_position..], out RecordBatchHeader header)
            && header.TotalSizeInBytes <= chunk.Records.Length - _position)
        {
            ReadOnlyMemory<byte> batch = chunk.Records.Slice(_position, header.TotalSizeInBytes);
            _position += header.TotalSizeInBytes;
            if (header.NextOffset <= position)
            {
                continue;
            }

            Verify(header, batch);
            if (header.IsControl || header.RecordCount == 0)
            {
                position = header.NextOffset;
                continue;
            }

            return new ConsumedBatch(chunk.State.Partition, header, RecordsOf(header, batch), position);
        }

        return null;
    }

    /// <summary>Gives the memory back, unless records of it were handed out to be kept. A second call does nothing.</summary>
    public void Release()
    {
        ReleaseDecompressed();
        if (!_isReleased)
        {
            _isReleased = true;
            chunk.Frame.Release();
        }
    }

    /// <summary>Leaves the memory of the current batch to the garbage collector.</summary>
    public void Keep()
    {
        _decompressed = null;
        chunk.Frame.Keep();
    }

    private void ReleaseDecompressed()
    {
        _decompressed?.Dispose();
        _decompressed = null;
    }

    private void Verify(in RecordBatchHeader header, ReadOnlyMemory<byte> batch)
    {
        if (checksCrcs && !header.CrcMatches(batch.Span))
        {
            throw new KafkaException(
                ErrorCode.CorruptMessage, $"The batch at offset {header.BaseOffset} of {chunk.State.Partition} does not match its checksum.")
            {
                Api = ApiKey.Fetch,
            };
        }
    }

    private ReadOnlyMemory<byte> RecordsOf(in RecordBatchHeader header, ReadOnlyMemory<byte> batch)
    {
        ReadOnlyMemory<byte> records = batch[RecordBatchHeader.SizeInBytes..];
        if (header.Codec == CompressionCodec.None)
        {
            return records;
        }

        ErrorCode error = RecordCompression.TryDecompress(header.Codec, records, DecompressionLimits.Default, out _decompressed);
        return _decompressed?.Memory
            ?? throw new KafkaException(error, $"The batch at offset {header.BaseOffset} of {chunk.State.Partition} cannot be decompressed.")
            {
                Api = ApiKey.Fetch,
            };
    }
}
