using Ottla.Core.Groups.Classic;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Offsets;

/// <summary>Decides OffsetDelete (KIP-496): offsets that members consume are kept.</summary>
internal static class DeleteOffsetsDecider
{
    public static void Decide(DeleteOffsetsCommand command, ClassicGroup? group, GroupOffsets? offsets, GroupDecisionBuilder decision)
    {
        OffsetDeleteRequest request = command.Request;
        if (Validate(request, group) is { } error)
        {
            decision.Reply(command.Token, new OffsetDeleteResponse { ErrorCode = error });
            return;
        }

        var response = new OffsetDeleteResponse();
        foreach (OffsetDeleteRequest.OffsetDeleteRequestTopic topic in request.Topics)
        {
            bool isConsumed = group is not null && group.IsSubscribedTo(topic.Name);
            var answers = new OffsetDeleteResponse.OffsetDeleteResponseTopic { Name = topic.Name };
            foreach (OffsetDeleteRequest.OffsetDeleteRequestPartition partition in topic.Partitions)
            {
                if (!isConsumed && offsets is not null && offsets.TryGet(topic.Name, partition.PartitionIndex, out _))
                {
                    decision.Append(OffsetRecords.WriteTombstone(request.GroupId, topic.Name, partition.PartitionIndex));
                }

                answers.Partitions.Add(new OffsetDeleteResponse.OffsetDeleteResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = isConsumed ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None,
                });
            }

            response.Topics.Add(answers);
        }

        decision.Reply(command.Token, response);
    }

    private static ErrorCode? Validate(OffsetDeleteRequest request, ClassicGroup? group)
    {
        if (request.GroupId.Length == 0)
        {
            return ErrorCode.InvalidGroupId;
        }

        if (group is null)
        {
            return ErrorCode.GroupIdNotFound;
        }

        // What members of another protocol type read is unknown.
        return group.State != ClassicGroupState.Empty && !group.UsesConsumerProtocol ? ErrorCode.NonEmptyGroup : null;
    }
}
