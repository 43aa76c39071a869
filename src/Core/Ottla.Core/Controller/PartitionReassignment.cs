using System.Collections.Immutable;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Controller;

/// <summary>Decides AlterPartitionReassignments (KIP-455), and answers ListPartitionReassignments from an image.</summary>
public static class PartitionReassignment
{
    /// <summary>The reassignments that run, of the partitions asked for or of all.</summary>
    public static ListPartitionReassignmentsResponse List(MetadataImage image, ListPartitionReassignmentsRequest request)
    {
        ListPartitionReassignmentsResponse response = new() { ErrorMessage = null };
        if (request.Topics is { } requested)
        {
            foreach (ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics topic in requested)
            {
                if (image.Topics.TryFind(topic.Name, out TopicImage? found))
                {
                    AddRunning(response, found, topic.PartitionIndexes.Select(index => found.FindPartition(new PartitionId(index))).OfType<PartitionImage>());
                }
            }

            return response;
        }

        foreach (TopicImage topic in image.Topics.ByName.Values)
        {
            AddRunning(response, topic, topic.Partitions);
        }

        return response;
    }

    internal static ControllerDecision Decide(ControllerContext context, AlterPartitionReassignmentsRequest request)
    {
        List<MetadataRecord> records = [];
        AlterPartitionReassignmentsResponse response = new() { AllowReplicationFactorChange = request.AllowReplicationFactorChange || request.Topics.Count == 0, ErrorMessage = null };
        foreach (AlterPartitionReassignmentsRequest.ReassignableTopic topic in request.Topics)
        {
            AlterPartitionReassignmentsResponse.ReassignableTopicResponse result = new() { Name = topic.Name };
            foreach (AlterPartitionReassignmentsRequest.ReassignablePartition partition in topic.Partitions)
            {
                RequestProblem? problem = Alter(context, request, topic.Name, partition, records);
                result.Partitions.Add(new AlterPartitionReassignmentsResponse.ReassignablePartitionResponse
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = problem?.Error ?? ErrorCode.None,
                    ErrorMessage = problem?.Message,
                });
            }

            response.Responses.Add(result);
        }

        return new ControllerDecision(records, response);
    }

    private static void AddRunning(ListPartitionReassignmentsResponse response, TopicImage topic, IEnumerable<PartitionImage> partitions)
    {
        ListPartitionReassignmentsResponse.OngoingTopicReassignment result = new() { Name = topic.Name };
        foreach (PartitionImage partition in partitions)
        {
            if (partition.IsReassigning)
            {
                result.Partitions.Add(new ListPartitionReassignmentsResponse.OngoingPartitionReassignment
                {
                    PartitionIndex = partition.Id.Value,
                    Replicas = BrokerIdLists.ToRecord(partition.Replicas),
                    AddingReplicas = BrokerIdLists.ToRecord(partition.AddingReplicas),
                    RemovingReplicas = BrokerIdLists.ToRecord(partition.RemovingReplicas),
                });
            }
        }

        if (result.Partitions.Count > 0)
        {
            response.Topics.Add(result);
        }
    }

    private static RequestProblem? Alter(
        ControllerContext context,
        AlterPartitionReassignmentsRequest request,
        string topicName,
        AlterPartitionReassignmentsRequest.ReassignablePartition requested,
        List<MetadataRecord> records)
    {
        if (!context.Image.Topics.TryFind(topicName, out TopicImage? topic))
        {
            return new RequestProblem(ErrorCode.UnknownTopicOrPartition, $"Unable to find a topic named {topicName}.");
        }

        if (topic.FindPartition(new PartitionId(requested.PartitionIndex)) is not { } partition)
        {
            return new RequestProblem(ErrorCode.UnknownTopicOrPartition, $"Unable to find partition {topicName}:{requested.PartitionIndex}.");
        }

        if (requested.Replicas is not { } target)
        {
            return Cancel(context, topic, partition, records);
        }

        RequestProblem? problem = ManualAssignment.Check(context.Image, target, replicationFactor: null)
            ?? CheckFactor(request, partition, target.Count);
        if (problem is null)
        {
            Start(context, topic, partition, [.. target.Select(static id => new BrokerId(id))], records);
        }

        return problem;
    }

    private static RequestProblem? CheckFactor(AlterPartitionReassignmentsRequest request, PartitionImage partition, int target)
    {
        int current = partition.Replicas.Length - partition.AddingReplicas.Length;
        return request.AllowReplicationFactorChange || target == current
            ? null
            : new RequestProblem(ErrorCode.InvalidReplicationFactor, $"The replication factor is changed from {current} to {target}");
    }

    private static RequestProblem? Cancel(ControllerContext context, TopicImage topic, PartitionImage partition, List<MetadataRecord> records)
    {
        if (!partition.IsReassigning)
        {
            return new RequestProblem(ErrorCode.NoReassignmentInProgress, null);
        }

        ImmutableArray<BrokerId> original = [.. partition.Replicas.Where(id => !partition.AddingReplicas.Contains(id))];
        Finish(context, topic, partition, original, records);
        return null;
    }

    /// <summary>
    /// Where no copy has to be made first, the new order or the smaller set holds at once. Otherwise the partition gets all replicas,
    /// old and new, until those that are added are in sync.
    /// </summary>
    private static void Start(
        ControllerContext context,
        TopicImage topic,
        PartitionImage partition,
        ImmutableArray<BrokerId> target,
        List<MetadataRecord> records)
    {
        if (!partition.IsReassigning && target.SequenceEqual(partition.Replicas))
        {
            return;
        }

        ImmutableArray<BrokerId> adding = [.. target.Where(id => !partition.Replicas.Contains(id) || partition.AddingReplicas.Contains(id))];
        if (adding.IsEmpty && target.Any(partition.Isr.Contains))
        {
            Finish(context, topic, partition, target, records);
            return;
        }

        ImmutableArray<BrokerId> removing = [.. partition.Replicas.Where(id => !target.Contains(id))];
        records.Add(MetadataRecord.Of(
            new PartitionChangeRecord
            {
                TopicId = topic.Id.Value,
                PartitionId = partition.Id.Value,
                Replicas = BrokerIdLists.ToRecord([.. target, .. removing]),
                AddingReplicas = BrokerIdLists.ToRecord(adding),
                RemovingReplicas = BrokerIdLists.ToRecord(removing),
            },
            context.MetadataVersion));
    }

    private static void Finish(
        ControllerContext context,
        TopicImage topic,
        PartitionImage partition,
        ImmutableArray<BrokerId> replicas,
        List<MetadataRecord> records)
    {
        ImmutableArray<BrokerId> isr = [.. partition.Isr.Where(replicas.Contains)];
        PartitionChangeRecord record = new()
        {
            TopicId = topic.Id.Value,
            PartitionId = partition.Id.Value,
            Replicas = BrokerIdLists.ToRecord(replicas),
            AddingReplicas = partition.AddingReplicas.IsEmpty ? null : [],
            RemovingReplicas = partition.RemovingReplicas.IsEmpty ? null : [],
        };
        if (isr.Length != partition.Isr.Length)
        {
            record.Isr = BrokerIdLists.ToRecord(isr);
        }

        if (!replicas.Contains(partition.Leader))
        {
            record.Leader = isr.IsEmpty ? BrokerId.None.Value : isr[0].Value;
        }

        records.Add(MetadataRecord.Of(record, context.MetadataVersion));
    }
}
