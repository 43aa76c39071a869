using System.Collections.Immutable;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Controller;

/// <summary>Decides CreatePartitions: a topic only grows.</summary>
internal static class PartitionGrowth
{
    public static ControllerDecision Decide(ControllerContext context, CreatePartitionsRequest request)
    {
        CreatePartitionsResponse response = new();
        List<MetadataRecord> records = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        HashSet<string> duplicates = [.. request.Topics.Select(static topic => topic.Name).Where(name => !seen.Add(name))];
        int total = 0;
        foreach (CreatePartitionsRequest.CreatePartitionsTopic topic in request.Topics.DistinctBy(static topic => topic.Name))
        {
            RequestProblem? problem = duplicates.Contains(topic.Name)
                ? new RequestProblem(ErrorCode.InvalidRequest, "Duplicate topic name.")
                : Grow(context, topic, ref total, records);
            response.Results.Add(new CreatePartitionsResponse.CreatePartitionsTopicResult
            {
                Name = topic.Name,
                ErrorCode = problem?.Error ?? ErrorCode.None,
                ErrorMessage = problem?.Message,
            });
        }

        return new ControllerDecision(request.ValidateOnly ? [] : records, response);
    }

    private static RequestProblem? Grow(
        ControllerContext context,
        CreatePartitionsRequest.CreatePartitionsTopic request,
        ref int total,
        List<MetadataRecord> records)
    {
        if (!context.Image.Topics.TryFind(request.Name, out TopicImage? topic))
        {
            return new RequestProblem(ErrorCode.UnknownTopicOrPartition, null);
        }

        int current = topic.Partitions.Length;
        int added = request.Count - current;
        if ((CheckCount(request, current) ?? CheckTotal(total, added)) is { } problem)
        {
            return problem;
        }

        int factor = topic.Partitions[0].Replicas.Length;
        problem = request.Assignments is { } assignments
            ? TakeAssignments(context.Image, assignments, factor, out List<ImmutableArray<BrokerId>> replicas)
            : Place(context.Image, added, factor, current, out replicas);
        if (problem is not null)
        {
            return problem;
        }

        total += added;
        for (int index = 0; index < added; index++)
        {
            records.Add(NewPartitions.Create(context.Image, topic.Id, current + index, replicas[index]));
        }

        return null;
    }

    private static RequestProblem? CheckCount(CreatePartitionsRequest.CreatePartitionsTopic request, int current)
    {
        if (request.Count == current)
        {
            return new RequestProblem(ErrorCode.InvalidPartitions, $"Topic already has {current} partition(s).");
        }

        if (request.Count < current)
        {
            return new RequestProblem(
                ErrorCode.InvalidPartitions,
                $"The topic {request.Name} currently has {current} partition(s); {request.Count} would not be an increase.");
        }

        int added = request.Count - current;
        return request.Assignments is { } assignments && assignments.Count != added
            ? new RequestProblem(
                ErrorCode.InvalidReplicaAssignment,
                $"Attempted to add {added} additional partition(s), but only {assignments.Count} assignment(s) were specified.")
            : null;
    }

    private static RequestProblem? CheckTotal(int total, int added) => added > NewPartitions.MaxPerRequest - total
        ? new RequestProblem(
            ErrorCode.PolicyViolation,
            $"Unable to perform excessively large batch operation: one request may create {NewPartitions.MaxPerRequest} partitions.")
        : null;

    private static RequestProblem? TakeAssignments(
        MetadataImage image,
        List<CreatePartitionsRequest.CreatePartitionsAssignment> assignments,
        int factor,
        out List<ImmutableArray<BrokerId>> replicas)
    {
        replicas = new(assignments.Count);
        foreach (CreatePartitionsRequest.CreatePartitionsAssignment assignment in assignments)
        {
            if (ManualAssignment.Check(image, assignment.BrokerIds, factor) is { } problem)
            {
                return problem;
            }

            ImmutableArray<BrokerId> brokers = [.. assignment.BrokerIds.Select(static id => new BrokerId(id))];
            if (ManualAssignment.Active(image, brokers).IsEmpty)
            {
                return new RequestProblem(
                    ErrorCode.InvalidReplicaAssignment,
                    "All brokers specified in the manual partition assignment are fenced or in controlled shutdown.");
            }

            replicas.Add(brokers);
        }

        return null;
    }

    private static RequestProblem? Place(MetadataImage image, int added, int factor, int rotation, out List<ImmutableArray<BrokerId>> replicas)
    {
        RequestProblem? problem = ReplicaPlacement.Check(image, factor);
        replicas = problem is null ? ReplicaPlacement.Place(image, added, factor, rotation) : [];
        return problem;
    }
}
