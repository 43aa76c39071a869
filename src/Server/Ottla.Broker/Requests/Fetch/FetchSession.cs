using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Fetch;

/// <summary>
/// The partitions that one client fetches again and again, so that it need not name them each time (KIP-227). Guarded by its own lock;
/// a client has one fetch of a session under way at a time, and the epoch refuses any other.
/// </summary>
internal sealed class FetchSession
{
    public const int InitialEpoch = 0;
    public const int FinalEpoch = -1;

    private readonly Lock _gate = new(); // guards _targets, _byPartition and _nextEpoch
    private readonly LinkedList<FetchTarget> _targets = new();
    private readonly Dictionary<(string Topic, Guid TopicId, int Partition), LinkedListNode<FetchTarget>> _byPartition = [];
    private int _nextEpoch = 1;

    /// <param name="id">A number above 0 that is hard to guess.</param>
    /// <param name="usesTopicIds">Whether its client names topics by id.</param>
    public FetchSession(int id, bool usesTopicIds)
    {
        Id = id;
        UsesTopicIds = usesTopicIds;
    }

    public int Id { get; }

    public bool UsesTopicIds { get; }

    /// <summary>When it was last used, as the cache's clock counts.</summary>
    public long LastUsed { get; set; }

    /// <summary>Takes over the partitions that a full fetch names.</summary>
    public List<FetchTarget> Begin(List<FetchTarget> targets)
    {
        lock (_gate)
        {
            foreach (FetchTarget target in targets)
            {
                AddOrUpdate(target.Topic, target.TopicId, target, null);
            }

            return [.. _targets];
        }
    }

    /// <summary>Takes in what an incremental fetch changes; the partitions to read, or null when the epoch is not the next.</summary>
    public List<FetchTarget>? Continue(FetchRequest request)
    {
        lock (_gate)
        {
            if (request.SessionEpoch != _nextEpoch)
            {
                return null;
            }

            _nextEpoch = _nextEpoch == int.MaxValue ? 1 : _nextEpoch + 1;
            foreach (FetchRequest.FetchTopic topic in request.Topics)
            {
                foreach (FetchRequest.FetchPartition partition in topic.Partitions)
                {
                    AddOrUpdate(topic.Topic, topic.TopicId, null, partition);
                }
            }

            foreach (FetchRequest.ForgottenTopic topic in request.ForgottenTopicsData)
            {
                foreach (int partition in topic.Partitions)
                {
                    if (_byPartition.Remove((topic.Topic, topic.TopicId, partition), out LinkedListNode<FetchTarget>? node))
                    {
                        _targets.Remove(node);
                    }
                }
            }

            return [.. _targets];
        }
    }

    /// <summary>Moves a partition that just gave records behind the others, so that all get their turn when a response cannot hold all.</summary>
    public void MoveToEnd(FetchTarget target)
    {
        lock (_gate)
        {
            if (_byPartition.TryGetValue((target.Topic, target.TopicId, target.Partition), out LinkedListNode<FetchTarget>? node))
            {
                _targets.Remove(node);
                _targets.AddLast(node);
            }
        }
    }

    private void AddOrUpdate(string topic, Guid topicId, FetchTarget? target, FetchRequest.FetchPartition? request)
    {
        int partition = target?.Partition ?? request!.Partition; // one of the two is given
        if (_byPartition.TryGetValue((topic, topicId, partition), out LinkedListNode<FetchTarget>? known))
        {
            if (request is not null)
            {
                known.Value.Update(request);
            }

            return;
        }

        LinkedListNode<FetchTarget> node = _targets.AddLast(target ?? new FetchTarget(topic, topicId, request!)); // likewise
        _byPartition.Add((topic, topicId, partition), node);
    }
}
