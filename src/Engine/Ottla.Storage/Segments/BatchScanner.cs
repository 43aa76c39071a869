using Ottla.Protocol;
using Ottla.Records;
using Ottla.Storage.Files;

namespace Ottla.Storage.Segments;

/// <summary>
/// Walks the batches of a segment's file in order, header by header or whole batch by whole batch, waiting for the disk. It stops at
/// the end or at the first thing that is no batch. Not thread-safe.
/// </summary>
internal sealed class BatchScanner : IDisposable
{
    private const int HeaderChunkBytes = 4096;
    private const int BatchChunkBytes = 1024 * 1024;
    private readonly IFile _file;
    private readonly long _end;
    private readonly bool _wholeBatches;
    private PooledBuffer _chunk;
    private long _chunkStart;
    private int _chunkCount;
    private RecordBatchHeader _header;

    /// <param name="file">The segment's file, which the caller keeps open.</param>
    /// <param name="position">Where a batch begins.</param>
    /// <param name="end">Where the scan ends.</param>
    /// <param name="wholeBatches">Whether <see cref="Batch"/> is wanted; else only headers are read.</param>
    public BatchScanner(IFile file, long position, long end, bool wholeBatches)
    {
        _file = file;
        _end = end;
        _wholeBatches = wholeBatches;
        NextPosition = position;
        long rest = Math.Max(end - position, RecordBatchHeader.SizeInBytes);
        _chunk = PooledBuffer.Rent((int)Math.Min(rest, wholeBatches ? BatchChunkBytes : HeaderChunkBytes));
    }

    /// <summary>The current batch's header.</summary>
    public ref readonly RecordBatchHeader Header => ref _header;

    /// <summary>Where the current batch begins.</summary>
    public long Position { get; private set; }

    /// <summary>Where the next batch begins, or the first thing that is none.</summary>
    public long NextPosition { get; private set; }

    /// <summary>The format version that stopped the scan when it is an old one, 0 or 1; null otherwise.</summary>
    public byte? OldMagic { get; private set; }

    /// <summary>The current batch, until the next move.</summary>
    public ReadOnlySpan<byte> Batch => _chunk.Span.Slice((int)(Position - _chunkStart), _header.TotalSizeInBytes);

    /// <summary>Goes to the next batch; false at the end, or where no batch stands that ends before the end.</summary>
    public bool MoveNext()
    {
        Position = NextPosition;
        if (!TryFill(RecordBatchHeader.SizeInBytes))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = _chunk.Span[(int)(Position - _chunkStart).._chunkCount];
        if (!RecordBatchHeader.TryRead(bytes, out RecordBatchHeader header))
        {
            OldMagic = RecordBatchHeader.TryReadMagic(bytes, out byte magic) && magic < 2 && bytes[8..12] is not [0, 0, 0, 0] ? magic : null;
            return false;
        }

        _header = header;
        if (header.TotalSizeInBytes > _end - Position || (_wholeBatches && !TryFill(header.TotalSizeInBytes)))
        {
            return false;
        }

        NextPosition = Position + header.TotalSizeInBytes;
        return true;
    }

    public void Dispose() => _chunk.Dispose();

    /// <summary>Has <paramref name="count"/> bytes from <see cref="Position"/> on in the chunk.</summary>
    private bool TryFill(int count)
    {
        if (Position + count > _end)
        {
            return false;
        }

        if (Position >= _chunkStart && Position + count <= _chunkStart + _chunkCount)
        {
            return true;
        }

        if (count > _chunk.Length)
        {
            _chunk.Dispose();
            _chunk = PooledBuffer.Rent(count);
        }

        int wanted = (int)Math.Min(_chunk.Length, _end - Position);
        _chunkStart = Position;
        _chunkCount = _file.Read(_chunk.Span[..wanted], Position);
        return _chunkCount >= count;
    }
}
