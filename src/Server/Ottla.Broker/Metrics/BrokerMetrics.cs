using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Ottla.Broker.Requests;
using Ottla.Protocol;

namespace Ottla.Broker.Metrics;

/// <summary>
/// What the broker counts, published through one <see cref="Meter"/> named <see cref="MeterName"/>. The counts themselves are plain
/// fields that requests add to, read only when somebody collects. Thread-safe.
/// </summary>
public sealed class BrokerMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Ottla.Broker";

    private readonly Meter _meter;
    private readonly TimeProvider _timeProvider;
    private readonly ApiCounters?[] _apis = new ApiCounters?[128];
    private readonly ConcurrentDictionary<string, TopicCounters> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<long>> _connectionCounts = new(StringComparer.Ordinal);
    private long _fetchReads;

    internal BrokerMetrics(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _meter = new Meter(MeterName);
        Observe("ottla.broker.requests", "{request}", "Requests answered, by API", static api => api.Requests);
        Observe("ottla.broker.request.errors", "{request}", "Requests whose handler failed, by API", static api => api.Errors);
        ObserveTime();
        ObserveTopics("ottla.broker.topic.bytes_in", "By", "Record bytes appended by producers, by topic", static topic => topic.BytesIn);
        ObserveTopics("ottla.broker.topic.bytes_out", "By", "Record bytes sent to consumers, by topic", static topic => topic.BytesOut);
        ObserveTopics("ottla.broker.topic.messages_in", "{message}", "Records appended by producers, by topic", static topic => topic.MessagesIn);
        ObserveTopics("ottla.broker.topic.produce_requests", "{request}", "Produce requests to the topic", static topic => topic.ProduceRequests);
        ObserveTopics("ottla.broker.topic.fetch_requests", "{request}", "Fetch requests that read the topic", static topic => topic.FetchRequests);
        ObserveTopics("ottla.broker.topic.failed_produce_requests", "{request}", "Appends that failed, by topic", static topic => topic.FailedProduceRequests);
        ObserveTopics("ottla.broker.topic.failed_fetch_requests", "{request}", "Reads that failed, by topic", static topic => topic.FailedFetchRequests);
        _meter.CreateObservableCounter(
            "ottla.broker.fetch.reads", () => FetchReads, "{read}", "Passes over the partitions of fetches: one or two for each that waits");
        _meter.CreateObservableUpDownCounter(
            "ottla.broker.connections",
            () => _connectionCounts.Select(static pair => new Measurement<long>(pair.Value(), new KeyValuePair<string, object?>("listener", pair.Key))),
            "{connection}",
            "Open connections, by listener");
    }

    internal long FetchReads => Volatile.Read(ref _fetchReads);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>The counters of one topic; made on first use.</summary>
    internal TopicCounters Topic(string topic) => _topics.GetOrAdd(topic, static _ => new TopicCounters());

    /// <summary>Drops the counters of a topic that is gone.</summary>
    internal void ForgetTopic(string topic) => _topics.TryRemove(topic, out _);

    /// <summary>Publishes a number that somebody else keeps.</summary>
    internal void AddGauge(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    internal void AddListener(ListenerName listener, Func<long> openConnections) => _connectionCounts[listener.Value] = openConnections;

    internal void FetchRead() => Interlocked.Increment(ref _fetchReads);

    internal void RequestHandled(RequestContext context)
    {
        ApiCounters counters = Api(context.ApiKey);
        Interlocked.Increment(ref counters.Requests);
        Interlocked.Add(ref counters.ElapsedTicks, _timeProvider.GetElapsedTime(context.ReceivedTimestamp).Ticks);
    }

    internal void RequestFailed(RequestContext context)
    {
        RequestHandled(context);
        Interlocked.Increment(ref Api(context.ApiKey).Errors);
    }

    private ApiCounters Api(ApiKey key)
    {
        ref ApiCounters? counters = ref _apis[(int)key];
        return Volatile.Read(ref counters) ?? Interlocked.CompareExchange(ref counters, new ApiCounters(key.ToString()), null) ?? counters;
    }

    private void Observe(string name, string unit, string description, Func<ApiCounters, long> read) =>
        _meter.CreateObservableCounter(
            name,
            () => _apis.OfType<ApiCounters>().Select(api => new Measurement<long>(read(api), new KeyValuePair<string, object?>("api", api.Name))),
            unit,
            description);

    private void ObserveTime() =>
        _meter.CreateObservableCounter(
            "ottla.broker.request.time",
            () => _apis.OfType<ApiCounters>().Select(static api => new Measurement<double>(
                TimeSpan.FromTicks(Volatile.Read(ref api.ElapsedTicks)).TotalSeconds, new KeyValuePair<string, object?>("api", api.Name))),
            "s",
            "Time from the arrival of requests until their response was ready, by API");

    private void ObserveTopics(string name, string unit, string description, Func<TopicCounters, long> read) =>
        _meter.CreateObservableCounter(
            name,
            () => _topics.Select(pair => new Measurement<long>(read(pair.Value), new KeyValuePair<string, object?>("topic", pair.Key))),
            unit,
            description);

    private sealed class ApiCounters(string name)
    {
        public long Requests;
        public long Errors;
        public long ElapsedTicks;

        public string Name { get; } = name;
    }
}
