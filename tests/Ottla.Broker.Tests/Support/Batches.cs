using System.Text;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Broker.Tests.Support;

/// <summary>Batches as a producer would send them, and what a consumer finds in them.</summary>
internal static class Batches
{
    public static byte[] Of(params string[] values) => Of(new RecordBatchOptions(), values);

    public static byte[] Of(RecordBatchOptions options, params string[] values) => At(options, DateTimeOffset.UnixEpoch.AddYears(50).ToUnixTimeMilliseconds(), values);

    public static byte[] At(RecordBatchOptions options, long timestamp, params string[] values)
    {
        using var builder = new RecordBatchBuilder(options);
        for (int index = 0; index < values.Length; index++)
        {
            builder.Append(timestamp + index, Encoding.UTF8.GetBytes($"key-{index}"), Encoding.UTF8.GetBytes(values[index]));
        }

        return builder.Build().ToArray();
    }

    public static byte[] WithoutKey(string value)
    {
        using var builder = new RecordBatchBuilder(RecordBatchOptions.Default);
        builder.Append(-1, NullableBytes.Null, Encoding.UTF8.GetBytes(value));
        return builder.Build().ToArray();
    }

    public static byte[] FromProducer(long producerId, int sequence, params string[] values) =>
        Of(new RecordBatchOptions { ProducerId = new ProducerId(producerId), ProducerEpoch = 0, BaseSequence = sequence }, values);

    /// <summary>Records that must be there.</summary>
    public static ReadOnlyMemory<byte> Require(ReadOnlyMemory<byte>? bytes) => bytes ?? throw new InvalidOperationException("There are no records.");

    public static List<(long Offset, string Value)> Read(ReadOnlyMemory<byte>? records)
    {
        ReadOnlyMemory<byte> bytes = Require(records);
        var found = new List<(long, string)>();
        while (RecordBatchHeader.TryRead(bytes.Span, out RecordBatchHeader header) && header.TotalSizeInBytes <= bytes.Length)
        {
            Assert.True(header.CrcMatches(bytes.Span));
            ReadOnlySpan<byte> payload = bytes.Span[RecordBatchHeader.SizeInBytes..header.TotalSizeInBytes];
            foreach (ref readonly RecordView record in new RecordEnumerator(payload, header.RecordCount))
            {
                found.Add((header.BaseOffset + record.OffsetDelta, Encoding.UTF8.GetString(record.Value)));
            }

            bytes = bytes[header.TotalSizeInBytes..];
        }

        return found;
    }
}
