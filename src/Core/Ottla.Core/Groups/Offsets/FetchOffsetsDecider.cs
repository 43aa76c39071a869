using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Offsets;

/// <summary>Decides OffsetFetch for one group. A group that does not exist has committed nothing, which is not an error.</summary>
internal static class FetchOffsetsDecider
{
    private const long NoOffset = -1;

    public static void Decide(FetchOffsetsCommand command, GroupOffsets? offsets, GroupDecisionBuilder decision)
    {
        var answer = new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = command.Group.GroupId };
        if (command.Group.Topics is { } topics)
        {
            foreach (OffsetFetchRequest.OffsetFetchRequestTopics topic in topics)
            {
                answer.Topics.Add(FetchTopic(topic, offsets));
            }
        }
        else if (offsets is not null)
        {
            foreach (string topic in offsets.Topics())
            {
                answer.Topics.Add(FetchWholeTopic(topic, offsets));
            }
        }

        decision.Reply(command.Token, new OffsetFetchResponse { Groups = [answer] });
    }

    private static OffsetFetchResponse.OffsetFetchResponseTopics FetchTopic(
        OffsetFetchRequest.OffsetFetchRequestTopics topic, GroupOffsets? offsets)
    {
        var answer = new OffsetFetchResponse.OffsetFetchResponseTopics { Name = topic.Name, TopicId = topic.TopicId };
        foreach (int partition in topic.PartitionIndexes)
        {
            answer.Partitions.Add(offsets is not null && offsets.TryGet(topic.Name, partition, out CommittedOffset offset)
                ? Answer(partition, offset)
                : new OffsetFetchResponse.OffsetFetchResponsePartitions { PartitionIndex = partition, CommittedOffset = NoOffset, Metadata = "" });
        }

        return answer;
    }

    private static OffsetFetchResponse.OffsetFetchResponseTopics FetchWholeTopic(string topic, GroupOffsets offsets)
    {
        var answer = new OffsetFetchResponse.OffsetFetchResponseTopics { Name = topic };
        foreach ((int partition, CommittedOffset offset) in offsets.Partitions(topic))
        {
            answer.Partitions.Add(Answer(partition, offset));
        }

        return answer;
    }

    private static OffsetFetchResponse.OffsetFetchResponsePartitions Answer(int partition, CommittedOffset offset) => new()
    {
        PartitionIndex = partition,
        CommittedOffset = offset.Offset,
        CommittedLeaderEpoch = offset.LeaderEpoch,
        Metadata = offset.Metadata,
    };
}
