using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ottla.Protocol;
using Ottla.Transport.Sockets;

namespace Ottla.Transport.Framing;

/// <summary>
/// Collects frames and sends them together. Small parts of many frames share one buffer; large record payloads are not copied but
/// sent from where they lie, and must stay untouched until the flush completed. Not thread-safe.
/// </summary>
public sealed class FrameWriter : IDisposable
{
    private const int PrefixBytes = sizeof(int);
    private const int SmallestChunkBytes = 4 * 1024;

    private readonly List<byte[]> _chunks = [];
    private readonly List<ArraySegment<byte>> _segments = [];
    private readonly List<GatheredRecords> _gathered = [];
    private int _chunkPosition;

    /// <summary>How many bytes wait to be sent.</summary>
    public int PendingBytes { get; private set; }

    /// <summary>Adds one frame: size, header, body.</summary>
    /// <exception cref="InvalidOperationException">The message cannot be written in that version; nothing was added.</exception>
    public void Append(IMessage header, short headerVersion, IMessage body, short bodyVersion)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(body);
        var size = default(MessageSize);
        header.Measure(ref size, headerVersion);
        body.Measure(ref size, bodyVersion);
        int copied = PrefixBytes + size.Total - size.Gathered;
        byte[] chunk = ReserveChunk(copied);
        int start = _chunkPosition;

        BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(start), size.Total);
        var writer = new ProtocolWriter(chunk.AsSpan(start + PrefixBytes, copied - PrefixBytes), _gathered);
        header.Write(ref writer, headerVersion);
        body.Write(ref writer, bodyVersion);
        if (writer.Position != copied - PrefixBytes)
        {
            _gathered.Clear();
            throw new InvalidOperationException($"A message of {copied - PrefixBytes} bytes wrote {writer.Position}.");
        }

        _chunkPosition += copied;
        AddSegments(chunk, start, copied);
        PendingBytes += PrefixBytes + size.Total;
    }

    /// <summary>Sends everything that was added; afterwards the writer is empty again, also when sending failed.</summary>
    public async ValueTask FlushAsync(TransportConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        try
        {
            if (_segments.Count == 1)
            {
                await connection.SendAsync(_segments[0].AsMemory(), cancellationToken).ConfigureAwait(false);
            }
            else if (_segments.Count > 1)
            {
                await connection.SendAsync(_segments).ConfigureAwait(false);
            }
        }
        finally
        {
            Clear();
        }
    }

    /// <summary>Gives the buffers back and forgets what was not sent. No flush may be under way.</summary>
    public void Dispose() => Clear();

    private byte[] ReserveChunk(int bytes)
    {
        if (_chunks.Count > 0 && _chunks[^1].Length - _chunkPosition >= bytes)
        {
            return _chunks[^1];
        }

        byte[] chunk = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, SmallestChunkBytes << Math.Min(_chunks.Count, 4)));
        _chunks.Add(chunk);
        _chunkPosition = 0;
        return chunk;
    }

    private void AddSegments(byte[] chunk, int start, int length)
    {
        int from = start;
        foreach (GatheredRecords records in _gathered)
        {
            int to = start + PrefixBytes + records.BufferPosition;
            AddChunkSegment(chunk, from, to - from);
            _segments.Add(MemoryMarshal.TryGetArray(records.Payload, out ArraySegment<byte> payload) ? payload : records.Payload.ToArray());
            from = to;
        }

        _gathered.Clear();
        AddChunkSegment(chunk, from, start + length - from);
    }

    private void AddChunkSegment(byte[] chunk, int from, int count)
    {
        if (count == 0)
        {
            return;
        }

        if (_segments.Count > 0 && _segments[^1] is { } last && ReferenceEquals(last.Array, chunk) && last.Offset + last.Count == from)
        {
            _segments[^1] = new ArraySegment<byte>(chunk, last.Offset, last.Count + count);
            return;
        }

        _segments.Add(new ArraySegment<byte>(chunk, from, count));
    }

    private void Clear()
    {
        foreach (byte[] chunk in _chunks)
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        _chunks.Clear();
        _segments.Clear();
        _gathered.Clear();
        _chunkPosition = 0;
        PendingBytes = 0;
    }
}
