using Microsoft.Extensions.Logging;
using Ottla.Client.Connections;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Links;

namespace Ottla.Client.Metadata;

/// <summary>
/// The cluster's metadata, asked for when it is missing, older than allowed, or found to be wrong. Thread-safe; readers take
/// <see cref="Current"/> without a lock.
/// </summary>
internal sealed class MetadataCache(Cluster cluster, ILogger logger)
{
    private readonly Lock _lock = new(); // guards _fetchedAt, and writes of _current
    private readonly Dictionary<string, long> _fetchedAt = new(StringComparer.Ordinal);
    private volatile ClusterMetadata _current = ClusterMetadata.Empty;

    public ClusterMetadata Current => _current;

    /// <summary>A topic from memory if it is known and not too old, else from a broker; waits until it has leaders to speak of.</summary>
    /// <exception cref="KafkaException">The topic does not exist, or its error did not pass within <paramref name="timeout"/>.</exception>
    public ValueTask<TopicMetadata> TopicAsync(string topic, TimeSpan timeout, CancellationToken cancellationToken) =>
        Current.FindTopic(topic) is { } known && !IsTooOld(topic)
            ? new ValueTask<TopicMetadata>(known)
            : cluster.Retrier.CallAsync(token => FetchTopicAsync(topic, token), null, timeout, cancellationToken);

    /// <summary>Asks a broker for the brokers and for <paramref name="topics"/>; an empty list asks for the brokers alone.</summary>
    public ValueTask<MetadataAnswer> RefreshAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken) =>
        FetchAsync(topics, cluster.Options.AllowAutoTopicCreation, cancellationToken);

    /// <summary>Asks a broker for everything.</summary>
    public async ValueTask<ClusterMetadata> RefreshAllAsync(CancellationToken cancellationToken)
    {
        await FetchAsync(null, false, cancellationToken).ConfigureAwait(false);
        return Current;
    }

    /// <summary>Asks for topics without having the broker create them.</summary>
    public ValueTask<MetadataAnswer> LookUpAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken) =>
        FetchAsync(topics, false, cancellationToken);

    /// <summary>Makes the next use of <paramref name="topic"/> ask a broker.</summary>
    public void Invalidate(string topic)
    {
        lock (_lock)
        {
            _fetchedAt.Remove(topic);
        }
    }

    private async ValueTask<TopicMetadata> FetchTopicAsync(string topic, CancellationToken cancellationToken)
    {
        TopicMetadata answered = (await RefreshAsync([topic], cancellationToken).ConfigureAwait(false)).Topic(topic);
        return Current.FindTopic(topic) ?? answered; // what is current never goes back to an older leader epoch
    }

    private async ValueTask<MetadataAnswer> FetchAsync(
        IReadOnlyList<string>? topics, bool allowCreation, CancellationToken cancellationToken)
    {
        BrokerConnection broker = await cluster.AnyBrokerAsync(cancellationToken).ConfigureAwait(false);
        short version = broker.VersionOf<MetadataRequest>();
        MetadataRequest request = ToRequest(topics, allowCreation, version);
        using LinkResponse<MetadataResponse> response = await broker
            .CallAsync<MetadataRequest, MetadataResponse>(request, version, cluster.Options.RequestTimeout, cancellationToken)
            .ConfigureAwait(false);
        if (response.Message.ErrorCode != ErrorCode.None)
        {
            throw KafkaException.Of(response.Message.ErrorCode, ApiKey.Metadata, broker.Address.ToString());
        }

        MetadataAnswer answer = MetadataAnswer.From(response.Message, broker.Address.ToString());
        Publish(answer, topics is null);
        ClientLog.MetadataRefreshed(logger, answer.Cluster.Topics.Count, answer.Cluster.Brokers.Count);
        return answer;
    }

    private static MetadataRequest ToRequest(IReadOnlyList<string>? topics, bool allowCreation, short version)
    {
        // Up to version 0 an empty list means all topics and null does not exist; from 1 on it is null.
        var request = new MetadataRequest
        {
            Topics = topics is null && version > 0
                ? null
                : (topics ?? []).Select(topic => new MetadataRequest.MetadataRequestTopic { Name = topic }).ToList(),
        };
        if (version >= 4)
        {
            request.AllowAutoTopicCreation = allowCreation;
        }

        return request;
    }

    private void Publish(MetadataAnswer answer, bool aboutAllTopics)
    {
        long now = cluster.TimeProvider.GetTimestamp();
        IEnumerable<string> gone = answer.TopicErrors
            .Where(pair => pair.Value is ErrorCode.UnknownTopicOrPartition or ErrorCode.InvalidTopicException)
            .Select(pair => pair.Key);
        lock (_lock)
        {
            _current = _current.With(answer.Cluster, aboutAllTopics, gone);
            foreach (string topic in answer.Cluster.Topics.Keys)
            {
                _fetchedAt[topic] = now;
            }
        }
    }

    private bool IsTooOld(string topic)
    {
        lock (_lock)
        {
            return !_fetchedAt.TryGetValue(topic, out long fetchedAt)
                || cluster.TimeProvider.GetElapsedTime(fetchedAt) > cluster.Options.MetadataMaximumAge;
        }
    }
}
