using System.Buffers.Binary;
using Ottla.Records;

namespace Ottla.Storage.Producers;

/// <summary>The record of a control batch that ends a transaction (KIP-98): key version and type, value version and coordinator epoch.</summary>
internal readonly record struct TransactionMarker(bool IsAbort, int CoordinatorEpoch)
{
    private const short AbortType = 0;
    private const short CommitType = 1;

    /// <summary>The marker of a control batch; null for control records of another kind.</summary>
    public static TransactionMarker? TryRead(in RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        if (header.RecordCount == 0 || header.Codec != CompressionCodec.None)
        {
            return null;
        }

        var records = new RecordEnumerator(batch[RecordBatchHeader.SizeInBytes..], header.RecordCount);
        try
        {
            if (!records.MoveNext())
            {
                return null;
            }
        }
        catch (MalformedRecordsException)
        {
            // The checksum holds, so this is what was appended: a control record, but not one that ends a transaction.
            return null;
        }

        RecordView record = records.Current;
        if (record.Key.Length < 4 || record.Value.Length < 6)
        {
            return null;
        }

        short type = BinaryPrimitives.ReadInt16BigEndian(record.Key[2..]);
        return type is AbortType or CommitType
            ? new TransactionMarker(type == AbortType, BinaryPrimitives.ReadInt32BigEndian(record.Value[2..]))
            : null;
    }
}
