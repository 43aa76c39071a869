namespace Ottla.Http.Metrics;

/// <summary>
/// What an instrument of ours is called on dashboards made for Kafka: the names that the usual JMX exporter rules give, in lower case,
/// with the mean rates left to Prometheus' <c>rate()</c>.
/// </summary>
/// <param name="Name">The name in Prometheus' format.</param>
/// <param name="Tag">What our first tag is called there.</param>
/// <param name="Factor">What a value is multiplied with for Kafka's unit.</param>
/// <param name="HasTotal">Whether Kafka has the sum over all tags too, as the same name without a tag.</param>
internal sealed record KafkaName(string Name, string? Tag = null, double Factor = 1, bool HasTotal = false)
{
    private static readonly Dictionary<string, KafkaName> Names = new(StringComparer.Ordinal)
    {
        ["ottla.broker.topic.bytes_in"] = Topic("bytesin"),
        ["ottla.broker.topic.bytes_out"] = Topic("bytesout"),
        ["ottla.broker.topic.messages_in"] = Topic("messagesin"),
        ["ottla.broker.topic.produce_requests"] = Topic("totalproducerequests"),
        ["ottla.broker.topic.fetch_requests"] = Topic("totalfetchrequests"),
        ["ottla.broker.topic.failed_produce_requests"] = Topic("failedproducerequests"),
        ["ottla.broker.topic.failed_fetch_requests"] = Topic("failedfetchrequests"),
        ["ottla.broker.requests"] = new("kafka_network_requestmetrics_requests_total", "request"),
        ["ottla.broker.request.errors"] = new("kafka_network_requestmetrics_errors_total", "request"),
        ["ottla.broker.request.time"] = new("kafka_network_requestmetrics_totaltimems_total", "request", Factor: 1000),
        ["ottla.broker.connections"] = new("kafka_server_socketservermetrics_connection_count", "listener"),
        ["ottla.broker.partitions"] = new("kafka_server_replicamanager_partitioncount"),
        ["ottla.broker.partitions.leader"] = new("kafka_server_replicamanager_leadercount"),
        ["ottla.broker.topics"] = new("kafka_controller_kafkacontroller_globaltopiccount"),
        ["ottla.broker.log_directories.offline"] = new("kafka_log_logmanager_offlinelogdirectorycount"),
    };

    /// <summary>The name for an instrument; one that Kafka does not have keeps its own, with underscores.</summary>
    public static KafkaName Of(CollectedMetric metric) =>
        Names.TryGetValue(metric.Name, out KafkaName? known)
            ? known
            : new KafkaName(metric.Name.Replace('.', '_') + (metric.IsCounter ? "_total" : string.Empty));

    private static KafkaName Topic(string what) => new($"kafka_server_brokertopicmetrics_{what}_total", "topic", HasTotal: true);
}
