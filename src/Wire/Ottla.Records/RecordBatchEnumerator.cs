namespace Ottla.Records;

/// <summary>
/// Walks the complete batches in the bytes of a fetch response or a log file. Stops before a batch that is cut, which is how a broker
/// ends a response, or whose header is invalid; checksums are not looked at.
/// </summary>
public ref struct RecordBatchEnumerator
{
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Starts before the first batch.</summary>
    public RecordBatchEnumerator(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>How many bytes the batches up to and including the current one take.</summary>
    public int Position { get; private set; }

    /// <summary>The current batch's header.</summary>
    public RecordBatchHeader Header { get; private set; }

    /// <summary>The current batch, header included.</summary>
    public readonly ReadOnlyMemory<byte> Current => _bytes.Slice(Position - Header.TotalSizeInBytes, Header.TotalSizeInBytes);

    /// <summary>Makes <c>foreach</c> work.</summary>
    public readonly RecordBatchEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next batch; false when no complete one with a valid header follows.</summary>
    public bool MoveNext()
    {
        ReadOnlySpan<byte> rest = _bytes.Span[Position..];
        if (!RecordBatchHeader.TryRead(rest, out RecordBatchHeader header) || header.TotalSizeInBytes > rest.Length)
        {
            return false;
        }

        Header = header;
        Position += header.TotalSizeInBytes;
        return true;
    }
}
