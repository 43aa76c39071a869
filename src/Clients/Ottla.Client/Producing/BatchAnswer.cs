using Ottla.Protocol;

namespace Ottla.Client.Producing;

/// <summary>What became of one batch of a request.</summary>
/// <param name="Error">The error, or none.</param>
/// <param name="BaseOffset">The first record's offset; -1 where it is not known.</param>
/// <param name="Broker">The broker that was asked.</param>
/// <param name="Message">What the broker, or the connection, said besides.</param>
internal readonly record struct BatchAnswer(ErrorCode Error, long BaseOffset, string Broker, string? Message)
{
    public KafkaException ToException(TopicPartition partition)
    {
        string detail = string.IsNullOrEmpty(Message) ? $"partition {partition}" : $"partition {partition}: {Message}";
        return KafkaException.Of(Error, ApiKey.Produce, Broker, detail);
    }
}
