using System.Buffers.Binary;

namespace Ottla.Conformance.Tests.Brokers;

/// <summary>The batches of a topic's first partition as they lie in the segment file, read without any code of the broker.</summary>
internal sealed record StoredBatches(string Codec, byte[] Bytes)
{
    private const int LengthOffset = 8, HeaderOfLength = 12, AttributesOffset = 21, CodecMask = 7;
    private static readonly string[] Codecs = ["none", "gzip", "snappy", "lz4", "zstd"];

    public static IReadOnlyList<StoredBatches> Of(string dataFolder, string topic)
    {
        byte[] log = File.ReadAllBytes(Path.Combine(dataFolder, $"{topic}-0", "00000000000000000000.log"));
        List<StoredBatches> batches = [];
        for (int at = 0; at + HeaderOfLength <= log.Length;)
        {
            int size = HeaderOfLength + BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(at + LengthOffset));
            short attributes = BinaryPrimitives.ReadInt16BigEndian(log.AsSpan(at + AttributesOffset));
            batches.Add(new StoredBatches(Codecs[attributes & CodecMask], log[at..(at + size)]));
            at += size;
        }

        Assert.NotEmpty(batches);
        return batches;
    }
}
