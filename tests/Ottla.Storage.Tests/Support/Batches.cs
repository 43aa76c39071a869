using System.Text;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Storage.Tests.Support;

/// <summary>Batches as a producer would send them.</summary>
internal static class Batches
{
    public const long StartTimestamp = 1_700_000_000_000;

    public static byte[] Build(params string[] values) => Build(StartTimestamp, values);

    public static byte[] Build(long timestamp, params string[] values) => Build(new RecordBatchOptions(), timestamp, values);

    public static byte[] Build(RecordBatchOptions options, long timestamp, params string[] values)
    {
        using var builder = new RecordBatchBuilder(options);
        for (int index = 0; index < values.Length; index++)
        {
            builder.Append(timestamp + index, Encoding.UTF8.GetBytes($"key-{index}"), Encoding.UTF8.GetBytes(values[index]));
        }

        return builder.Build().ToArray();
    }

    public static byte[] FromProducer(long producerId, short epoch, int sequence, int count = 1, long timestamp = StartTimestamp) => Build(
        new RecordBatchOptions { ProducerId = new ProducerId(producerId), ProducerEpoch = epoch, BaseSequence = sequence },
        timestamp,
        [.. Enumerable.Range(0, count).Select(index => $"p{producerId}-{sequence + index}")]);

    public static byte[] OfSize(int valueBytes, long timestamp = StartTimestamp) => Build(timestamp, new string('x', valueBytes));

    public static RecordBatchHeader HeaderOf(byte[] batch) =>
        RecordBatchHeader.TryRead(batch, out RecordBatchHeader header) ? header : throw new InvalidOperationException("not a batch");

    /// <summary>The values of all records in some batches, with their offsets.</summary>
    public static List<(long Offset, string Value)> Read(ReadOnlyMemory<byte> bytes) =>
        [.. ReadRecords(bytes).Select(record => (record.Offset, record.Value))];

    /// <summary>The timestamps of all records in some batches, with their offsets.</summary>
    public static List<(long Offset, long Timestamp)> ReadTimestamps(ReadOnlyMemory<byte> bytes) =>
        [.. ReadRecords(bytes).Select(record => (record.Offset, record.Timestamp))];

    private static List<(long Offset, long Timestamp, string Value)> ReadRecords(ReadOnlyMemory<byte> bytes)
    {
        var records = new List<(long, long, string)>();
        foreach (ReadOnlyMemory<byte> batch in new RecordBatchWalk(bytes))
        {
            RecordBatchHeader header = HeaderOf(batch.ToArray());
            Assert.True(header.CrcMatches(batch.Span));
            using PooledBuffer payload = RecordCompression.Decompress(
                header.Codec, batch[RecordBatchHeader.SizeInBytes..], DecompressionLimits.Default);
            foreach (ref readonly RecordView record in new RecordEnumerator(payload.Span, header.RecordCount))
            {
                records.Add((header.BaseOffset + record.OffsetDelta, header.TimestampOf(record.TimestampDelta), Encoding.UTF8.GetString(record.Value)));
            }
        }

        return records;
    }
}
