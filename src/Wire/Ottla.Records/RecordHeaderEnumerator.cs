using System.Diagnostics.CodeAnalysis;

namespace Ottla.Records;

/// <summary>Walks the headers of one record, whose bytes <see cref="RecordEnumerator"/> has found well-formed.</summary>
public ref struct RecordHeaderEnumerator
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _remaining;
    private RecordHeaderView _current;

    internal RecordHeaderEnumerator(ReadOnlySpan<byte> bytes, int count)
    {
        _bytes = bytes;
        _remaining = count;
    }

    /// <summary>The header at the current position.</summary>
    [UnscopedRef]
    public readonly ref readonly RecordHeaderView Current => ref _current;

    /// <summary>Makes <c>foreach</c> work.</summary>
    public readonly RecordHeaderEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next header; false at the end.</summary>
    public bool MoveNext()
    {
        if (_remaining == 0 || !TryReadHeader(_bytes, ref _position, out _current))
        {
            return false;
        }

        _remaining--;
        return true;
    }

    internal static bool TryReadHeader(ReadOnlySpan<byte> bytes, scoped ref int position, out RecordHeaderView header)
    {
        header = default;
        if (!RecordEnumerator.TryReadBytes(bytes, ref position, out NullableBytes key) || key.IsNull
            || !RecordEnumerator.TryReadBytes(bytes, ref position, out NullableBytes value))
        {
            return false;
        }

        header = new RecordHeaderView(key.Span, value);
        return true;
    }
}
