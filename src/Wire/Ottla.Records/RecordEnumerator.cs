using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Ottla.Protocol;

namespace Ottla.Records;

/// <summary>
/// Walks the records of one batch, uncompressed. Every length is checked against the bytes that are left; headers are checked too.
/// Allocates nothing, unless the bytes are malformed.
/// </summary>
public ref struct RecordEnumerator
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _remaining;
    private RecordView _current;

    /// <summary>Starts before the first record.</summary>
    /// <param name="records">The uncompressed bytes after the batch's header, all of them.</param>
    /// <param name="recordCount">How many records the header announces.</param>
    public RecordEnumerator(ReadOnlySpan<byte> records, int recordCount)
    {
        _bytes = records;
        _remaining = recordCount;
    }

    /// <summary>The record at the current position.</summary>
    [UnscopedRef]
    public readonly ref readonly RecordView Current => ref _current;

    /// <summary>Makes <c>foreach</c> work.</summary>
    public readonly RecordEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next record; false after the last one that was announced.</summary>
    /// <exception cref="MalformedRecordsException">A record is cut or inconsistent, or bytes are left after the last one.</exception>
    public bool MoveNext()
    {
        RecordStep step = Step();
        return step == RecordStep.Malformed
            ? throw new MalformedRecordsException(ErrorCode.CorruptMessage, "A record of the batch is malformed.")
            : step == RecordStep.Record;
    }

    internal RecordStep Step()
    {
        if (_remaining <= 0)
        {
            return _position == _bytes.Length ? RecordStep.End : RecordStep.Malformed;
        }

        if (!Varint.TryRead(_bytes, ref _position, out int length) || (uint)length > (uint)(_bytes.Length - _position))
        {
            return RecordStep.Malformed;
        }

        int start = _position;
        _position += length;
        _remaining--;
        return TryReadBody(_bytes.Slice(start, length), out _current) ? RecordStep.Record : RecordStep.Malformed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryReadBytes(ReadOnlySpan<byte> bytes, scoped ref int position, out NullableBytes value)
    {
        value = default;
        if (!Varint.TryRead(bytes, ref position, out int length))
        {
            return false;
        }

        if (length < 0)
        {
            return true;
        }

        if (length > bytes.Length - position)
        {
            return false;
        }

        value = new NullableBytes(bytes.Slice(position, length));
        position += length;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadBody(ReadOnlySpan<byte> body, out RecordView record)
    {
        // The first byte is the record's attributes, of which none is in use; Kafka reads over them as well.
        int position = 1;
        record = default;
        if (!Varint.TryRead(body, ref position, out long timestampDelta)
            || !Varint.TryRead(body, ref position, out int offsetDelta)
            || !TryReadBytes(body, ref position, out NullableBytes key)
            || !TryReadBytes(body, ref position, out NullableBytes value)
            || !Varint.TryRead(body, ref position, out int headerCount)
            || headerCount < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> headerBytes = body[position..];
        record = new RecordView(offsetDelta, timestampDelta, key, value, headerCount, headerBytes);
        return headerCount == 0 ? headerBytes.IsEmpty : AreHeadersWellFormed(headerBytes, headerCount);
    }

    private static bool AreHeadersWellFormed(ReadOnlySpan<byte> bytes, int count)
    {
        int position = 0;
        for (int index = 0; index < count; index++)
        {
            if (!RecordHeaderEnumerator.TryReadHeader(bytes, ref position, out _))
            {
                return false;
            }
        }

        return position == bytes.Length;
    }
}
