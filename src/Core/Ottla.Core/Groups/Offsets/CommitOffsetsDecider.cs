using Ottla.Core.Groups.Classic;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Offsets;

/// <summary>Decides OffsetCommit.</summary>
internal static class CommitOffsetsDecider
{
    private const short FirstVersionThatKnowsGroupIdNotFound = 9;
    private const long NoTimestamp = -1;

    public static void Decide(
        CommitOffsetsCommand command, ClassicGroup? group, GroupDecisionBuilder decision, GroupOptions options, Instant now)
    {
        OffsetCommitRequest request = command.Request;
        if (Validate(command, group) is { } error)
        {
            decision.Reply(command.Token, OffsetCommitAnswers.FailAll(request, error));
            return;
        }

        // A commit is a sign of life, as in Kafka: a member may be too busy to send heartbeats.
        if (group is { State: ClassicGroupState.Stable or ClassicGroupState.PreparingRebalance })
        {
            HeartbeatDecider.NoteAlive(group, request.MemberId, decision, now);
        }

        var response = new OffsetCommitResponse();
        foreach (OffsetCommitRequest.OffsetCommitRequestTopic topic in request.Topics)
        {
            var answers = new OffsetCommitResponse.OffsetCommitResponseTopic { Name = topic.Name, TopicId = topic.TopicId };
            foreach (OffsetCommitRequest.OffsetCommitRequestPartition partition in topic.Partitions)
            {
                bool isTooLarge = partition.CommittedMetadata?.Length > options.MaxOffsetMetadataLength;
                if (!isTooLarge)
                {
                    CommittedOffset offset = Read(request, partition, now);
                    decision.Append(OffsetRecords.Write(request.GroupId, topic.Name, partition.PartitionIndex, offset));
                }

                answers.Partitions.Add(new OffsetCommitResponse.OffsetCommitResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = isTooLarge ? ErrorCode.OffsetMetadataTooLarge : ErrorCode.None,
                });
            }

            response.Topics.Add(answers);
        }

        decision.Reply(command.Token, response);
    }

    private static ErrorCode? Validate(CommitOffsetsCommand command, ClassicGroup? group)
    {
        OffsetCommitRequest request = command.Request;
        int generationId = request.GenerationIdOrMemberEpoch;
        if (group is null)
        {
            // Without a generation this is a consumer that assigns itself, or an administrator: such a group begins with its first commit.
            return generationId < 0
                ? null
                : command.ApiVersion >= FirstVersionThatKnowsGroupIdNotFound ? ErrorCode.GroupIdNotFound : ErrorCode.IllegalGeneration;
        }

        if (generationId < 0 && group.State == ClassicGroupState.Empty)
        {
            return null;
        }

        if (generationId >= 0 || request.MemberId.Length > 0 || request.GroupInstanceId is not null)
        {
            if (MemberValidation.Validate(group, request.MemberId, request.GroupInstanceId) is { } error)
            {
                return error;
            }

            if (generationId != group.GenerationId)
            {
                return ErrorCode.IllegalGeneration;
            }
        }
        else
        {
            // Others must not move the offsets of a group that has members.
            return ErrorCode.UnknownMemberId;
        }

        return group.State == ClassicGroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : null;
    }

    private static CommittedOffset Read(
        OffsetCommitRequest request, OffsetCommitRequest.OffsetCommitRequestPartition partition, Instant now)
    {
        long committedAt = partition.CommitTimestamp == NoTimestamp ? now.UnixMilliseconds : partition.CommitTimestamp;
        long expiresAt = request.RetentionTimeMs < 0 ? NoTimestamp
            : request.RetentionTimeMs > long.MaxValue - now.UnixMilliseconds ? long.MaxValue
            : now.UnixMilliseconds + request.RetentionTimeMs;
        return new CommittedOffset(
            partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.CommittedMetadata ?? "", committedAt, expiresAt);
    }
}
