namespace Ottla.Protocol;

/// <summary>
/// Gathers the unknown ones among a struct's tagged fields. They usually lie in one run, which is kept as a slice of the buffer; only
/// when a known field lies between two of them are they copied.
/// </summary>
internal struct UnknownTaggedFieldCollector
{
    private byte[]? _earlierRuns;
    private int _runStart;
    private int _runEnd;

    /// <summary>Adds the field that starts at <paramref name="start"/> and ends where the reader stands.</summary>
    public void Add(ref ProtocolReader reader, int start)
    {
        if (_runEnd != start)
        {
            _earlierRuns = JoinRuns(ref reader);
            _runStart = start;
        }

        _runEnd = reader.Position;
    }

    /// <summary>All fields that were added, as they stood.</summary>
    public readonly ReadOnlyMemory<byte> ToMemory(ref ProtocolReader reader) =>
        _earlierRuns is null ? reader.SliceBetween(_runStart, _runEnd) : JoinRuns(ref reader);

    private readonly byte[]? JoinRuns(ref ProtocolReader reader)
    {
        ReadOnlySpan<byte> run = reader.SliceBetween(_runStart, _runEnd).Span;
        return run.IsEmpty ? _earlierRuns : [.. _earlierRuns.AsSpan(), .. run];
    }
}
