using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Offsets;

/// <summary>Answers to OffsetCommit that do not come from a decision.</summary>
public static class OffsetCommitAnswers
{
    /// <summary>The same error for every partition: the response has no other place for it.</summary>
    public static OffsetCommitResponse FailAll(OffsetCommitRequest request, ErrorCode error)
    {
        var response = new OffsetCommitResponse();
        foreach (OffsetCommitRequest.OffsetCommitRequestTopic topic in request.Topics)
        {
            var answers = new OffsetCommitResponse.OffsetCommitResponseTopic { Name = topic.Name, TopicId = topic.TopicId };
            foreach (OffsetCommitRequest.OffsetCommitRequestPartition partition in topic.Partitions)
            {
                answers.Partitions.Add(new OffsetCommitResponse.OffsetCommitResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = error,
                });
            }

            response.Topics.Add(answers);
        }

        return response;
    }
}
