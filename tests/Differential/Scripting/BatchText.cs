using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Differential.Tests.Scripting;

/// <summary>
/// How scripts spell record batches, <c>batch(n=3, codec=gzip, time=now)</c>, several joined by <c>+</c>, and how answers do. README.md has
/// all parameters.
/// </summary>
internal static class BatchText
{
    private const string Opening = "batch(";

    public static byte[] Parse(string text)
    {
        if (!text.StartsWith(Opening, StringComparison.Ordinal))
        {
            return BytesText.Parse(text);
        }

        List<byte> bytes = [];
        foreach (string part in text.Split(" + ").Select(part => part.Trim()))
        {
            if (!part.StartsWith(Opening, StringComparison.Ordinal) || !part.EndsWith(')'))
            {
                throw new FormatException($"'{part}' is no batch");
            }

            bytes.AddRange(Build(Parameters(part[Opening.Length..^1])));
        }

        return [.. bytes];
    }

    /// <summary>The batches of an answer. Records are told by a digest of what they are when decompressed.</summary>
    public static JsonArray Describe(ReadOnlyMemory<byte> bytes)
    {
        JsonArray batches = [];
        RecordBatchEnumerator walk = new(bytes);
        while (walk.MoveNext())
        {
            batches.Add(Describe(walk.Header, walk.Current));
        }

        if (walk.Position < bytes.Length)
        {
            batches.Add(new JsonObject { ["Rest"] = Convert.ToHexString(bytes.Span[walk.Position..]) });
        }

        return batches;
    }

    private static JsonObject Describe(RecordBatchHeader header, ReadOnlyMemory<byte> batch)
    {
        ReadOnlyMemory<byte> records = batch[RecordBatchHeader.SizeInBytes..];
        using PooledBuffer? plain = header.Codec == CompressionCodec.None ? null : RecordCompression.Decompress(header.Codec, records, DecompressionLimits.Default);
        return new JsonObject
        {
            ["BaseOffset"] = header.BaseOffset,
            ["LeaderEpoch"] = header.PartitionLeaderEpoch,
            ["Attributes"] = header.Attributes,
            ["LastOffsetDelta"] = header.LastOffsetDelta,
            ["BaseTimestamp"] = header.BaseTimestamp,
            ["MaxTimestamp"] = header.MaxTimestamp,
            ["ProducerId"] = header.ProducerId,
            ["ProducerEpoch"] = header.ProducerEpoch,
            ["BaseSequence"] = header.BaseSequence,
            ["Records"] = header.RecordCount,
            ["IsWhole"] = header.CrcMatches(batch.Span),
            ["Digest"] = Convert.ToHexString(SHA256.HashData(plain is null ? records.Span : plain.Memory.Span).AsSpan(0, 8)),
        };
    }

    private static Dictionary<string, string> Parameters(string text)
    {
        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        foreach (string[] parameter in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)))
        {
            parameters.Add(parameter[0].Trim(), parameter.Length > 1 ? parameter[1].Trim() : "true");
        }

        return parameters;
    }

    private static byte[] Build(Dictionary<string, string> given)
    {
        string? Take(string name) => given.Remove(name, out string? value) ? value : null;
        long Number(string name, long otherwise) => Take(name) is { } text ? NumberText.Parse(text) : otherwise;

        long count = Number("n", 1), time = Number("time", NumberText.Start), step = Number("step", 1);
        string? key = Take("key"), value = Take("value");
        int size = (int)Number("size", 10);
        using RecordBatchBuilder builder = new(new RecordBatchOptions
        {
            BaseOffset = Number("base", 0),
            Codec = Take("codec") is { } codec ? Enum.Parse<CompressionCodec>(codec, ignoreCase: true) : CompressionCodec.None,
            ProducerId = new ProducerId(Number("producer", -1)),
            ProducerEpoch = (short)Number("epoch", -1),
            BaseSequence = (int)Number("sequence", -1),
            IsTransactional = Take("transactional") is not null,
            IsControl = Take("control") is not null,
        });
        for (int index = 0; index < count; index++)
        {
            string ownValue = value ?? new string((char)('a' + (index % 26)), size);
            builder.Append(time + (index * step), BytesOrNull(key ?? $"key-{index}"), BytesOrNull(ownValue));
        }

        byte[] batch = builder.Build().ToArray();
        string? patch = Take("patch"), seal = Take("seal"), cut = Take("cut");
        Assert.True(given.Count == 0, $"a batch has no parameter {string.Join(", ", given.Keys)}");
        return Damage(batch, patch, seal is not null, cut);
    }

    private static byte[]? BytesOrNull(string text) => text == "null" ? null : Encoding.UTF8.GetBytes(text);

    /// <summary>Overwrites bytes, <c>patch=16:01/57:00000000</c>, with the checksum made right again on request, and cuts the end off.</summary>
    private static byte[] Damage(byte[] batch, string? patch, bool isSealed, string? cut)
    {
        foreach (string[] change in (patch ?? string.Empty).Split('/', StringSplitOptions.RemoveEmptyEntries).Select(change => change.Split(':')))
        {
            Convert.FromHexString(change[1]).CopyTo(batch, int.Parse(change[0], CultureInfo.InvariantCulture));
        }

        if (isSealed)
        {
            const int Checksum = 17, Attributes = 21;
            BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(Checksum), Crc32C.Compute(batch.AsSpan(Attributes)));
        }

        return cut is null ? batch : batch[..^int.Parse(cut, CultureInfo.InvariantCulture)];
    }
}
