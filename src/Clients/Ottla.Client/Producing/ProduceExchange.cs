using Ottla.Client.Connections;
using Ottla.Client.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Links;

namespace Ottla.Client.Producing;

/// <summary>Turns batches into a Produce request and its answer into one answer per batch.</summary>
internal static class ProduceExchange
{
    /// <summary>From this version on topics go by their ids (KIP-516).</summary>
    private const short FirstVersionWithTopicIds = 13;

    /// <summary>The newest version that can name all topics of the batches.</summary>
    public static short ChooseVersion(BrokerConnection broker, ClusterMetadata metadata, List<(PartitionQueue Queue, ProducerBatch Batch)> batches)
    {
        short version = broker.VersionOf<ProduceRequest>();
        if (version < FirstVersionWithTopicIds)
        {
            return version;
        }

        foreach ((_, ProducerBatch batch) in batches)
        {
            if (IdOf(metadata, batch) == TopicId.None)
            {
                return broker.VersionOf<ProduceRequest>(FirstVersionWithTopicIds - 1);
            }
        }

        return version;
    }

    public static ProduceRequest ToRequest(
        short version, Acks acks, TimeSpan timeout, ClusterMetadata metadata, List<(PartitionQueue Queue, ProducerBatch Batch)> batches)
    {
        var request = new ProduceRequest { Acks = (short)acks, TimeoutMs = (int)timeout.TotalMilliseconds };
        foreach ((PartitionQueue queue, ProducerBatch batch) in batches)
        {
            ProduceRequest.TopicProduceData? topic = request.TopicData.Find(
                candidate => version >= FirstVersionWithTopicIds
                    ? candidate.TopicId == IdOf(metadata, batch).Value
                    : candidate.Name == batch.Partition.Topic);
            if (topic is null)
            {
                topic = version >= FirstVersionWithTopicIds
                    ? new ProduceRequest.TopicProduceData { TopicId = IdOf(metadata, batch).Value }
                    : new ProduceRequest.TopicProduceData { Name = batch.Partition.Topic };
                request.TopicData.Add(topic);
            }

            topic.PartitionData.Add(new ProduceRequest.PartitionProduceData
            {
                Index = batch.Partition.Partition.Value,
                Records = queue.Encode(batch),
            });
        }

        return request;
    }

    /// <summary>The answer for one batch; a partition that the broker left out counts as an error that may pass.</summary>
    public static BatchAnswer AnswerFor(ProducerBatch batch, ProduceResponse response, ClusterMetadata metadata, string broker)
    {
        foreach (ProduceResponse.TopicProduceResponse topic in response.Responses)
        {
            if (topic.Name != batch.Partition.Topic && (topic.TopicId == Guid.Empty || topic.TopicId != IdOf(metadata, batch).Value))
            {
                continue;
            }

            foreach (ProduceResponse.PartitionProduceResponse partition in topic.PartitionResponses)
            {
                if (partition.Index == batch.Partition.Partition.Value)
                {
                    return new BatchAnswer(partition.ErrorCode, partition.BaseOffset, broker, Describe(partition));
                }
            }
        }

        return new BatchAnswer(ErrorCode.UnknownTopicOrPartition, -1, broker, "the answer leaves the partition out");
    }

    public static ValueTask<LinkResponse<ProduceResponse>> CallAsync(
        BrokerConnection broker, ProduceRequest request, short version, TimeSpan timeout) =>
        broker.CallAsync<ProduceRequest, ProduceResponse>(request, version, timeout, CancellationToken.None);

    private static TopicId IdOf(ClusterMetadata metadata, ProducerBatch batch) =>
        metadata.FindTopic(batch.Partition.Topic)?.Id ?? TopicId.None;

    private static string? Describe(ProduceResponse.PartitionProduceResponse partition)
    {
        if (partition.RecordErrors is not { Count: > 0 } errors)
        {
            return partition.ErrorMessage;
        }

        ProduceResponse.BatchIndexAndErrorMessage first = errors[0];
        return $"record {first.BatchIndex} of the batch: {first.BatchIndexErrorMessage ?? partition.ErrorMessage}";
    }
}
