namespace Ottla.Protocol;

/// <summary>A topic's identity, which a topic that is deleted and created again does not keep (KIP-516).</summary>
/// <param name="Value">The id as it stands on the wire.</param>
public readonly record struct TopicId(Guid Value)
{
    /// <summary>The all-zero id, which no topic has.</summary>
    public static TopicId None => new(Guid.Empty);

    /// <inheritdoc/>
    public override string ToString() => KafkaUuid.Format(Value);
}
