using System.Buffers.Binary;

namespace Ottla.Storage.Tests.Support;

/// <summary>A batch in a <c>.log</c> file, found by the test's own reading of the format: of the code under test nothing is used.</summary>
internal sealed record StoredBatch(string Path, int Position, ReadOnlyMemory<byte> Bytes)
{
    private const int HeaderSizeInBytes = 61;

    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(Bytes.Span);

    public long LastOffset => BaseOffset + BinaryPrimitives.ReadInt32BigEndian(Bytes.Span[23..]);

    public int LeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(Bytes.Span[12..]);

    public bool IsControl => (BinaryPrimitives.ReadInt16BigEndian(Bytes.Span[21..]) & 0x20) != 0;

    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(Bytes.Span[43..]);

    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(Bytes.Span[57..]);

    /// <summary>All batches of a log's directory, in the order of their offsets. The zeros of reserved space end a file.</summary>
    public static IReadOnlyList<StoredBatch> ReadAll(string logPath)
    {
        var batches = new List<StoredBatch>();
        foreach (string path in Directory.GetFiles(logPath, "*.log").Order(StringComparer.Ordinal))
        {
            byte[] bytes = File.ReadAllBytes(path);
            int position = 0;
            while (position + HeaderSizeInBytes <= bytes.Length && BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(position + 8)) is var length and > 0)
            {
                batches.Add(new StoredBatch(path, position, bytes.AsMemory(position, 12 + length)));
                position += 12 + length;
            }

            Assert.Equal(-1, bytes.AsSpan(position).IndexOfAnyExcept((byte)0));
        }

        return batches;
    }
}
