using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Fetch;

/// <summary>What a fetch reads, and how its response is to be told.</summary>
/// <param name="Error">None, or why the request as a whole is refused.</param>
/// <param name="Session">Its session, or null.</param>
/// <param name="IsIncremental">Whether the response names only what is new.</param>
/// <param name="Targets">The partitions to read, in order.</param>
internal readonly record struct FetchPlan(ErrorCode Error, FetchSession? Session, bool IsIncremental, List<FetchTarget> Targets)
{
    private const short FirstVersionWithSessions = 7;
    public const short FirstVersionWithTopicIds = 13;

    /// <summary>Works out a request's plan, and makes, continues or ends its session.</summary>
    public static FetchPlan For(FetchRequest request, short version, FetchSessionCache sessions)
    {
        bool usesTopicIds = version >= FirstVersionWithTopicIds;
        if (version < FirstVersionWithSessions || request.SessionEpoch is FetchSession.InitialEpoch or FetchSession.FinalEpoch)
        {
            if (request.SessionId != 0)
            {
                sessions.Remove(request.SessionId);
            }

            List<FetchTarget> targets = NamedBy(request);
            FetchSession? created = version >= FirstVersionWithSessions && request.SessionEpoch == FetchSession.InitialEpoch
                ? sessions.TryCreate(usesTopicIds)
                : null;
            return new FetchPlan(ErrorCode.None, created, IsIncremental: false, created?.Begin(targets) ?? targets);
        }

        FetchSession? session = sessions.Find(request.SessionId);
        if (session is null)
        {
            return Refused(ErrorCode.FetchSessionIdNotFound);
        }

        if (session.UsesTopicIds != usesTopicIds)
        {
            return Refused(ErrorCode.FetchSessionTopicIdError);
        }

        return session.Continue(request) is { } continued
            ? new FetchPlan(ErrorCode.None, session, IsIncremental: true, continued)
            : Refused(ErrorCode.InvalidFetchSessionEpoch);
    }

    private static FetchPlan Refused(ErrorCode error) => new(error, null, false, []);

    private static List<FetchTarget> NamedBy(FetchRequest request)
    {
        var targets = new List<FetchTarget>();
        foreach (FetchRequest.FetchTopic topic in request.Topics)
        {
            foreach (FetchRequest.FetchPartition partition in topic.Partitions)
            {
                targets.Add(new FetchTarget(topic.Topic, topic.TopicId, partition));
            }
        }

        return targets;
    }
}
