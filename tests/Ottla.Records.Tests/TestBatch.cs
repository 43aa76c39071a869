namespace Ottla.Records.Tests;

/// <summary>Makes produced batches, whole or broken in one place.</summary>
internal static class TestBatch
{
    public const long Now = 1_700_000_000_000;

    public static byte[] Create(int count = 3, CompressionCodec codec = CompressionCodec.None, RecordBatchOptions? options = null)
    {
        using var builder = new RecordBatchBuilder((options ?? RecordBatchOptions.Default) with { Codec = codec });
        for (int index = 0; index < count; index++)
        {
            builder.Append(Now + index, "key"u8, "value"u8);
        }

        return builder.Build().ToArray();
    }

    public static byte[] WithTimestamps(CompressionCodec codec, params long[] timestamps)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = codec });
        foreach (long timestamp in timestamps)
        {
            builder.Append(timestamp, "key"u8, "value"u8);
        }

        return builder.Build().ToArray();
    }

    /// <summary>A batch whose header matches <paramref name="payload"/>, whatever that holds.</summary>
    public static byte[] Around(byte[] payload, int count, CompressionCodec codec = CompressionCodec.None)
    {
        byte[] bytes = new byte[RecordBatchHeader.SizeInBytes + payload.Length];
        payload.CopyTo(bytes, RecordBatchHeader.SizeInBytes);
        return Change(bytes, header => header with
        {
            Magic = 2,
            BatchLength = bytes.Length - 12,
            PartitionLeaderEpoch = -1,
            Attributes = (short)codec,
            LastOffsetDelta = count - 1,
            BaseTimestamp = Now,
            MaxTimestamp = Now,
            ProducerId = -1,
            ProducerEpoch = -1,
            BaseSequence = -1,
            RecordCount = count,
        });
    }

    /// <summary>Changes header fields and makes the checksum right again.</summary>
    public static byte[] Change(byte[] batch, Func<RecordBatchHeader, RecordBatchHeader> change)
    {
        byte[] changed = [.. batch];
        change(RecordBatchHeader.ReadUnchecked(batch)).Write(changed);
        uint crc = Crc32C.Compute(changed.AsSpan(21));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(17), crc);
        return changed;
    }
}
