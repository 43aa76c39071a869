using System.Collections.Immutable;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Controller;

/// <summary>Decides ElectLeaders (KIP-460): makes the first replica lead again, or any replica where nobody leads.</summary>
internal static class LeaderElection
{
    private const sbyte Preferred = 0;
    private const sbyte Unclean = 1;

    public static ControllerDecision Decide(ControllerContext context, ElectLeadersRequest request)
    {
        List<MetadataRecord> records = [];
        bool isKnown = request.ElectionType is Preferred or Unclean;
        ElectLeadersResponse response = new() { ErrorCode = isKnown || request.TopicPartitions is [] ? ErrorCode.None : ErrorCode.InvalidRequest };
        if (request.TopicPartitions is { } requested)
        {
            foreach (ElectLeadersRequest.TopicPartitionsData topic in requested)
            {
                ElectLeadersResponse.ReplicaElectionResult result = new() { Topic = topic.Topic };
                foreach (int partition in topic.Partitions)
                {
                    result.PartitionResult.Add(Result(partition, Elect(context, topic.Topic, partition, request.ElectionType, records)));
                }

                response.ReplicaElectionResults.Add(result);
            }
        }
        else if (isKnown)
        {
            ElectAll(context, request.ElectionType, records, response);
        }

        return new ControllerDecision(records, response);
    }

    /// <summary>All partitions of all topics; those that need no election are left out of the answer.</summary>
    private static void ElectAll(ControllerContext context, sbyte type, List<MetadataRecord> records, ElectLeadersResponse response)
    {
        foreach (TopicImage topic in context.Image.Topics.ByName.Values)
        {
            ElectLeadersResponse.ReplicaElectionResult result = new() { Topic = topic.Name };
            for (int partition = 0; partition < topic.Partitions.Length; partition++)
            {
                RequestProblem? problem = Elect(context, topic.Name, partition, type, records);
                if (problem?.Error != ErrorCode.ElectionNotNeeded)
                {
                    result.PartitionResult.Add(Result(partition, problem));
                }
            }

            response.ReplicaElectionResults.Add(result);
        }
    }

    private static RequestProblem? Elect(ControllerContext context, string topicName, int index, sbyte type, List<MetadataRecord> records)
    {
        if (type is not (Preferred or Unclean))
        {
            return new RequestProblem(ErrorCode.InvalidRequest, $"Unknown election type {type}");
        }

        if (!context.Image.Topics.TryFind(topicName, out TopicImage? topic))
        {
            return new RequestProblem(ErrorCode.UnknownTopicOrPartition, $"No such topic as {topicName}");
        }

        if (topic.FindPartition(new PartitionId(index)) is not { } partition)
        {
            return new RequestProblem(ErrorCode.UnknownTopicOrPartition, $"No such partition as {topicName}-{index}");
        }

        bool needed = type == Preferred ? partition.Leader != partition.PreferredLeader : partition.Leader == BrokerId.None;
        if (!needed)
        {
            return new RequestProblem(ErrorCode.ElectionNotNeeded, "Leader election not needed for topic partition.");
        }

        ImmutableArray<BrokerId> candidates = ManualAssignment.Active(context.Image, type == Preferred ? [partition.PreferredLeader] : partition.Replicas);
        BrokerId inSync = candidates.FirstOrDefault(partition.Isr.Contains, BrokerId.None);
        if (inSync != BrokerId.None)
        {
            records.Add(Change(context, topic, partition, inSync));
            return null;
        }

        if (type == Preferred)
        {
            return new RequestProblem(ErrorCode.PreferredLeaderNotAvailable, "The preferred leader was not available.");
        }

        if (candidates.IsEmpty)
        {
            return new RequestProblem(ErrorCode.EligibleLeadersNotAvailable, "Eligible topic partition leaders are not available.");
        }

        records.Add(Change(context, topic, partition, candidates[0], unclean: true));
        return null;
    }

    private static MetadataRecord Change(ControllerContext context, TopicImage topic, PartitionImage partition, BrokerId leader, bool unclean = false)
    {
        PartitionChangeRecord record = new() { TopicId = topic.Id.Value, PartitionId = partition.Id.Value, Leader = leader.Value };
        if (unclean)
        {
            record.Isr = [leader.Value];
            record.LeaderRecoveryState = 1;
        }

        return MetadataRecord.Of(record, context.MetadataVersion);
    }

    private static ElectLeadersResponse.PartitionResult Result(int partition, RequestProblem? problem) => new()
    {
        PartitionId = partition,
        ErrorCode = problem?.Error ?? ErrorCode.None,
        ErrorMessage = problem?.Message,
    };
}
