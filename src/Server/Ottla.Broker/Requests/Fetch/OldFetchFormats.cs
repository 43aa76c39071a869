using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Records;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Requests.Fetch;

/// <summary>
/// What old consumers cannot read: versions below 4 get message sets of format v0 or v1, versions below 10 no Zstandard.
/// </summary>
internal static class OldFetchFormats
{
    private const short FirstVersionWithBatches = 4;
    private const short FirstVersionWithFormatV1 = 2;
    private const short FirstVersionWithZstd = 10;

    // Batches that turn into nothing are skipped so many times a request: control batches come one at a time.
    private const int MaxSkippedReads = 16;

    /// <summary>Whether records of this version have to be looked at.</summary>
    public static bool AreNeeded(short version) => version < FirstVersionWithZstd;

    /// <summary>Makes of what was read what the version can read; the old buffer is given back.</summary>
    public static async ValueTask<FetchedPartition> ConvertAsync(
        FetchedPartition fetched, long nextOffset, int maxBytes, short version, CancellationToken cancellationToken)
    {
        if (version >= FirstVersionWithBatches)
        {
            return CutBeforeZstd(fetched);
        }

        Partition partition = fetched.Partition!; // records were read from it
        if (!partition.Settings.AllowsDownConversion)
        {
            return Fail(fetched, ErrorCode.UnsupportedVersion);
        }

        LegacyDownConversion conversion = Convert(fetched, version, maxBytes);
        for (int skipped = 0; conversion.Messages is { Length: 0 } empty && conversion.NextOffset < partition.HighWatermark && skipped < MaxSkippedReads; skipped++)
        {
            empty.Dispose();
            fetched.Buffer?.Dispose();
            PartitionRead read = await partition.ReadAsync(conversion.NextOffset, maxBytes, atLeastOneBatch: true, cancellationToken);
            fetched.Data.Records = read.Records;
            fetched = fetched with { Buffer = read.Buffer };
            if (read.Buffer is null)
            {
                return fetched;
            }

            conversion = Convert(fetched, version, maxBytes);
        }

        fetched.Buffer?.Dispose();
        fetched = fetched with { Buffer = conversion.Messages };
        fetched.Data.ErrorCode = conversion.Error;
        fetched.Data.Records = conversion.Messages?.Memory ?? Memory<byte>.Empty;
        return fetched;
    }

    private static LegacyDownConversion Convert(in FetchedPartition fetched, short version, int maxBytes) =>
        LegacyMessageSet.DownConvert(fetched.Data.Records ?? ReadOnlyMemory<byte>.Empty, new LegacyDownConversionRules
        {
            Magic = version >= FirstVersionWithFormatV1 ? (byte)1 : (byte)0,
            FetchOffset = fetched.Target.FetchOffset,
            MaxBytes = maxBytes,
        });

    private static FetchedPartition CutBeforeZstd(in FetchedPartition fetched)
    {
        ReadOnlyMemory<byte> records = fetched.Data.Records ?? ReadOnlyMemory<byte>.Empty;
        int readable = 0;
        while (RecordBatchHeader.TryRead(records.Span[readable..], out RecordBatchHeader header) && header.TotalSizeInBytes <= records.Length - readable)
        {
            if (header.Codec == CompressionCodec.Zstd)
            {
                if (readable == 0)
                {
                    return Fail(fetched, ErrorCode.UnsupportedCompressionType);
                }

                fetched.Data.Records = records[..readable];
                return fetched;
            }

            readable += header.TotalSizeInBytes;
        }

        return fetched;
    }

    private static FetchedPartition Fail(in FetchedPartition fetched, ErrorCode error)
    {
        fetched.Buffer?.Dispose();
        fetched.Data.ErrorCode = error;
        fetched.Data.Records = ReadOnlyMemory<byte>.Empty;
        return fetched with { Buffer = null };
    }
}
