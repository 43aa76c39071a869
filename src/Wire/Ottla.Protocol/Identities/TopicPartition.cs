namespace Ottla.Protocol;

/// <summary>One partition of a topic, by name.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The partition's index within the topic.</param>
public readonly record struct TopicPartition(string Topic, PartitionId Partition)
{
    /// <summary>As Kafka's logs and log directories name it: <c>topic-3</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Topic}-{Partition.Value}");
}
