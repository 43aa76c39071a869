namespace Ottla.Broker.Requests;

/// <summary>The name of a listener, in upper case as Kafka compares it: <c>PLAINTEXT</c>, <c>INTERNAL</c>.</summary>
/// <param name="Value">The name.</param>
public readonly record struct ListenerName(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
