using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Controller;

/// <summary>Decides DeleteTopics, by name or by id.</summary>
internal sealed class TopicDeletion
{
    private readonly TopicsImage _topics;
    private readonly HashSet<string> _repeatedNames;
    private readonly HashSet<Guid> _repeatedIds;
    private readonly HashSet<TopicId> _namedAndIdentified;
    private readonly bool _isEnabled;

    private TopicDeletion(ControllerContext context, DeleteTopicsRequest request)
    {
        _topics = context.Image.Topics;
        _repeatedNames = Duplicates(request.Topics.Where(static topic => topic.TopicId == Guid.Empty).Select(static topic => topic.Name).OfType<string>());
        _repeatedIds = Duplicates(request.Topics.Where(static topic => topic.Name is null).Select(static topic => topic.TopicId).Where(static id => id != Guid.Empty));
        _namedAndIdentified = NamedAndIdentified(_topics, request);
        _isEnabled = context.ClusterConfiguration().Get(TopicDefaultKeys.DeleteTopicEnable);
    }

    public static ControllerDecision Decide(ControllerContext context, DeleteTopicsRequest request)
    {
        TopicDeletion deletion = new(context, request);
        DeleteTopicsResponse response = new();
        List<MetadataRecord> records = [];
        foreach (DeleteTopicsRequest.DeleteTopicState topic in request.Topics.DistinctBy(static topic => (topic.Name, topic.TopicId)))
        {
            if (topic.Name is null && deletion._namedAndIdentified.Contains(new TopicId(topic.TopicId)))
            {
                // It is answered under its name.
                continue;
            }

            (RequestProblem? problem, TopicImage? found) = deletion.Check(topic);
            if (problem is null && found is not null)
            {
                records.Add(MetadataRecord.Of(new RemoveTopicRecord { TopicId = found.Id.Value }));
            }

            response.Responses.Add(new DeleteTopicsResponse.DeletableTopicResult
            {
                Name = topic.Name ?? (problem is null ? found?.Name : null),
                TopicId = found is not null && (problem is null || deletion._namedAndIdentified.Contains(found.Id)) ? found.Id.Value : topic.TopicId,
                ErrorCode = problem?.Error ?? ErrorCode.None,
                ErrorMessage = problem?.Message,
            });
        }

        return new ControllerDecision(records, response);
    }

    private (RequestProblem? Problem, TopicImage? Topic) Check(DeleteTopicsRequest.DeleteTopicState topic)
    {
        (RequestProblem? problem, TopicImage? found) = Find(_topics, topic);
        if (topic.Name is not null && topic.TopicId != Guid.Empty)
        {
            // Which of the two is meant is not to be known, so neither counts as named twice.
            return (problem, found);
        }

        string? repeated = topic.Name is not null && _repeatedNames.Contains(topic.Name) ? "Duplicate topic name."
            : _repeatedIds.Contains(topic.TopicId) ? "Duplicate topic id."
            : found is not null && _namedAndIdentified.Contains(found.Id) ? "The provided topic name maps to an ID that was already supplied."
            : null;
        return repeated is not null ? (new RequestProblem(ErrorCode.InvalidRequest, repeated), found)
            : _isEnabled ? (problem, found)
            : (new RequestProblem(ErrorCode.TopicDeletionDisabled, "Topic deletion is disabled."), found);
    }

    /// <summary>The topics that a request names once and gives the id of once more.</summary>
    private static HashSet<TopicId> NamedAndIdentified(TopicsImage topics, DeleteTopicsRequest request)
    {
        HashSet<TopicId> named = [];
        foreach (DeleteTopicsRequest.DeleteTopicState topic in request.Topics.Where(static topic => topic.TopicId == Guid.Empty))
        {
            if (topic.Name is not null && topics.TryFind(topic.Name, out TopicImage? found))
            {
                named.Add(found.Id);
            }
        }

        named.IntersectWith(request.Topics.Where(static topic => topic.Name is null).Select(static topic => new TopicId(topic.TopicId)));
        return named;
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
