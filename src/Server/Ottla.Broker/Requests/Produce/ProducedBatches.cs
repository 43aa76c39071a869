using System.Runtime.InteropServices;
using Ottla.Broker.Metrics;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Records;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Requests.Produce;

/// <summary>
/// Takes the records of one partition from the request into its log: converts old formats, validates, compresses anew where the topic
/// asks for it, and appends. A batch of the current format is neither copied nor decompressed on its way. Thread-safe.
/// </summary>
internal sealed class ProducedBatches
{
    public const string NoTransactions = "Transactions are not supported by this broker.";

    private const short FirstVersionWithBatches = 3;
    private const short FirstVersionWithZstd = 7;

    private readonly TimeProvider _timeProvider;
    private readonly BrokerMetrics _metrics;

    public ProducedBatches(TimeProvider timeProvider, BrokerMetrics metrics)
    {
        _timeProvider = timeProvider;
        _metrics = metrics;
    }

    /// <summary>Appends and fills in the partition's part of the response; false when that says an error.</summary>
    public bool TryAppend(
        Partition partition,
        ReadOnlyMemory<byte>? records,
        short acks,
        ProduceResponse.PartitionProduceResponse answer,
        RequestContext context,
        out AppendedBatch appended)
    {
        appended = default;
        PooledBuffer? converted = null;
        try
        {
            ReadOnlyMemory<byte> batch = records ?? ReadOnlyMemory<byte>.Empty;
            if (TopicNames.IsInternal(partition.TopicPartition.Topic))
            {
                Refuse(answer, ErrorCode.InvalidTopicException, "Clients may not write to internal topics.");
            }
            else if (context.ApiVersion >= FirstVersionWithBatches || TryConvert(batch, partition, answer, out converted))
            {
                appended = Append(partition, converted?.Memory ?? batch, acks, answer, context);
            }
        }
        finally
        {
            converted?.Dispose();
        }

        TopicCounters counters = _metrics.Topic(partition.TopicPartition.Topic);
        if (answer.ErrorCode != ErrorCode.None)
        {
            counters.ProduceFailed();
            return false;
        }

        return true;
    }

    private AppendedBatch Append(
        Partition partition, ReadOnlyMemory<byte> batch, short acks, ProduceResponse.PartitionProduceResponse answer, RequestContext context)
    {
        TopicSettings settings = partition.Settings;
        long now = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        BatchValidation validation = RecordBatchValidator.Validate(batch, RulesFor(partition, settings, context, now));
        if (!validation.IsValid)
        {
            Refuse(answer, validation.Error, validation.Message);
            answer.LogStartOffset = validation.RecordErrors.Count > 0 ? partition.Log.LogStartOffset : -1;
            foreach (RecordError error in validation.RecordErrors)
            {
                answer.RecordErrors.Add(new ProduceResponse.BatchIndexAndErrorMessage
                {
                    BatchIndex = error.BatchIndex,
                    BatchIndexErrorMessage = error.Message,
                });
            }

            return default;
        }

        RecordBatchHeader header = validation.Header;
        if (header.IsTransactional)
        {
            Refuse(answer, ErrorCode.InvalidRequest, NoTransactions);
            return default;
        }

        // The frame belongs to this request alone, so what is sliced out of it may be patched in place.
        Memory<byte> bytes = MemoryMarshal.AsMemory(batch);
        if (validation.NeedsMaxTimestamp)
        {
            RecordBatchPatch.SetMaxTimestamp(bytes.Span, validation.MaxTimestamp);
            _ = RecordBatchHeader.TryRead(bytes.Span, out header);
        }

        if (settings.Codec is not { } codec || codec == header.Codec)
        {
            return AppendValid(partition, bytes, header, acks, answer, context);
        }

        ErrorCode failure = RecordBatchTranscoder.TryRecompress(bytes, codec, settings.CodecLevel, DecompressionLimits.Default, out PooledBuffer? recompressed);
        if (recompressed is null)
        {
            Refuse(answer, failure, $"The records could not be compressed with {codec}.");
            return default;
        }

        using (recompressed)
        {
            if (recompressed.Length > settings.MaxMessageBytes)
            {
                Refuse(answer, ErrorCode.MessageTooLarge, $"The batch has {recompressed.Length} bytes with {codec}; at most {settings.MaxMessageBytes} are allowed.");
                return default;
            }

            _ = RecordBatchHeader.TryRead(recompressed.Span, out header);
            return AppendValid(partition, recompressed.Memory, header, acks, answer, context);
        }
    }

    private AppendedBatch AppendValid(
        Partition partition,
        Memory<byte> batch,
        in RecordBatchHeader header,
        short acks,
        ProduceResponse.PartitionProduceResponse answer,
        RequestContext context)
    {
        LeaderEpoch leaderEpoch = partition.LeaderEpoch;
        PartitionAppend append = partition.AppendAsLeader(batch, header, new AppendRequirements
        {
            RequiredAcks = acks,
            ExpectedLeaderEpoch = leaderEpoch,
            LogAppendTime = partition.Settings.IsLogAppendTime ? _timeProvider.GetUtcNow().ToUnixTimeMilliseconds() : null,
            DefersWaking = true,
        });
        answer.LogStartOffset = append.LogStartOffset;
        if (append.Error != ErrorCode.None)
        {
            Refuse(answer, append.Error, append.Message);
            return default;
        }

        answer.BaseOffset = append.BaseOffset;
        answer.LogAppendTimeMs = append.LogAppendTime;
        if (!append.IsDuplicate)
        {
            context.RunAfterResponse(partition.WakeWaitingAction);
            _metrics.Topic(partition.TopicPartition.Topic).Produced(batch.Length, header.RecordCount);
        }

        return new AppendedBatch(partition, append.LastOffset, leaderEpoch, append.IsFlushDue, answer);
    }

    private static bool TryConvert(
        ReadOnlyMemory<byte> messages, Partition partition, ProduceResponse.PartitionProduceResponse answer, out PooledBuffer? batch)
    {
        LegacyUpConversion conversion = LegacyMessageSet.UpConvert(messages, partition.Settings.Codec, DecompressionLimits.Default);
        batch = conversion.Batch;
        if (conversion.Error != ErrorCode.None)
        {
            Refuse(answer, conversion.Error, conversion.Message);
        }

        return batch is not null;
    }

    private static BatchValidationRules RulesFor(Partition partition, TopicSettings settings, RequestContext context, long now) => new()
    {
        Partition = partition.TopicPartition,
        IsLogAppendTime = settings.IsLogAppendTime,
        TimestampBeforeMaxMilliseconds = settings.TimestampBeforeMaxMilliseconds,
        TimestampAfterMaxMilliseconds = settings.TimestampAfterMaxMilliseconds,
        MaxMessageBytes = settings.MaxMessageBytes,
        IsCompacted = settings.IsCompacted,
        ValidateCompressed = settings.ValidatesCompressed || settings.Codec is not null,
        AllowZstd = context.ApiVersion is >= FirstVersionWithZstd or < FirstVersionWithBatches,
        Now = now,
    };

    private static void Refuse(ProduceResponse.PartitionProduceResponse answer, ErrorCode error, string? message)
    {
        answer.ErrorCode = error;
        answer.ErrorMessage = message;
    }
}
