namespace Ottla.Protocol;

/// <summary>A request or response type.</summary>
/// <typeparam name="TSelf">The message type itself.</typeparam>
public interface IApiMessage<TSelf> : IReadableMessage<TSelf>
    where TSelf : IApiMessage<TSelf>
{
    /// <summary>The API that the message belongs to.</summary>
    static abstract ApiKey ApiKey { get; }
}
