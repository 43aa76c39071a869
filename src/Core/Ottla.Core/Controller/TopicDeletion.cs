using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Controller;

/// <summary>Decides DeleteTopics, by name or by id.</summary>
internal static class TopicDeletion
{
    public static ControllerDecision Decide(ControllerContext context, DeleteTopicsRequest request)
    {
        DeleteTopicsResponse response = new();
        List<MetadataRecord> records = [];
        bool enabled = context.ClusterConfiguration().Get(TopicDefaultKeys.DeleteTopicEnable);
        HashSet<TopicId> deleted = [];
        HashSet<string> duplicateNames = Duplicates(request.Topics.Select(static topic => topic.Name).OfType<string>());
        HashSet<Guid> duplicateIds = Duplicates(request.Topics.Select(static topic => topic.TopicId).Where(static id => id != Guid.Empty));
        foreach (DeleteTopicsRequest.DeleteTopicState topic in request.Topics.DistinctBy(static topic => (topic.Name, topic.TopicId)))
        {
            (RequestProblem? problem, TopicImage? found) = Find(context.Image.Topics, topic);
            if (topic.Name is not null && duplicateNames.Contains(topic.Name))
            {
                problem = new RequestProblem(ErrorCode.InvalidRequest, "Duplicate topic name.");
            }
            else if (duplicateIds.Contains(topic.TopicId) || (found is not null && deleted.Contains(found.Id)))
            {
                problem = new RequestProblem(ErrorCode.InvalidRequest, "Duplicate topic id.");
            }
            else if (!enabled)
            {
                problem = new RequestProblem(ErrorCode.TopicDeletionDisabled, "Topic deletion is disabled.");
            }

            if (problem is null && found is not null)
            {
                deleted.Add(found.Id);
                records.Add(MetadataRecord.Of(new RemoveTopicRecord { TopicId = found.Id.Value }));
            }

            response.Responses.Add(new DeleteTopicsResponse.DeletableTopicResult
            {
                Name = topic.Name ?? (problem is null ? found?.Name : null),
                TopicId = problem is null && found is not null ? found.Id.Value : topic.TopicId,
                ErrorCode = problem?.Error ?? ErrorCode.None,
                ErrorMessage = problem?.Message,
            });
        }

        return new ControllerDecision(records, response);
    }

    private static (RequestProblem? Problem, TopicImage? Topic) Find(TopicsImage topics, DeleteTopicsRequest.DeleteTopicState request)
    {
        TopicImage? found;
        if (request.Name is { } name)
        {
            if (request.TopicId != Guid.Empty)
            {
                return (new RequestProblem(ErrorCode.InvalidRequest, "You may not specify both topic name and topic id."), null);
            }

            return topics.TryFind(name, out found)
                ? (null, found)
                : (new RequestProblem(ErrorCode.UnknownTopicOrPartition, "This server does not host this topic-partition."), null);
        }

        if (request.TopicId == Guid.Empty)
        {
            return (new RequestProblem(ErrorCode.InvalidRequest, "Neither topic name nor id were specified."), null);
        }

        return topics.TryFind(new TopicId(request.TopicId), out found)
            ? (null, found)
            : (new RequestProblem(ErrorCode.UnknownTopicId, "This server does not host this topic ID."), null);
    }

    private static HashSet<T> Duplicates<T>(IEnumerable<T> values)
    {
        HashSet<T> seen = [];
        return [.. values.Where(value => !seen.Add(value))];
    }
}
