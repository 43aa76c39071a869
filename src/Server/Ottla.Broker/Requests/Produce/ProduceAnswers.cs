using Ottla.Broker.Requests.Partitions;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Produce;

/// <summary>The last touches on what a producer is answered.</summary>
internal static class ProduceAnswers
{
    /// <summary>An answer that says the same error of every partition.</summary>
    public static ProduceResponse FailAll(ProduceRequest request, ErrorCode error)
    {
        var response = new ProduceResponse();
        foreach (ProduceRequest.TopicProduceData topic in request.TopicData)
        {
            var answer = new ProduceResponse.TopicProduceResponse { Name = topic.Name, TopicId = topic.TopicId };
            answer.PartitionResponses.AddRange(topic.PartitionData.Select(data =>
                new ProduceResponse.PartitionProduceResponse { Index = data.Index, BaseOffset = -1, ErrorCode = error }));
            response.Responses.Add(answer);
        }

        return response;
    }

    /// <summary>
    /// What is sent: the response, or nothing with acks 0. Nobody reads an answer then, so a closed connection is the only way to say
    /// that records were not taken.
    /// </summary>
    public static ProduceResponse? Finish(ProduceRequest request, ProduceResponse response, PartitionDirectory partitions, RequestContext context)
    {
        bool anyFailed = false;
        foreach (ProduceResponse.TopicProduceResponse topic in response.Responses)
        {
            foreach (ProduceResponse.PartitionProduceResponse partition in topic.PartitionResponses)
            {
                anyFailed |= partition.ErrorCode != ErrorCode.None;
                LeaderHints.Complete(response, topic, partition, partitions, context);
            }
        }

        if (request.Acks != 0)
        {
            return response;
        }

        if (anyFailed)
        {
            context.CloseConnection();
        }

        return null;
    }
}
