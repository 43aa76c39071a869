using Ottla.Protocol;

namespace Ottla.Coordination.Metadata;

/// <summary>What the controller answered.</summary>
/// <typeparam name="TResponse">The response of the API.</typeparam>
/// <param name="Error">Why there is no answer; <see cref="ErrorCode.None"/> when there is one.</param>
/// <param name="Response">The answer, once what it says is committed; null when there is an error.</param>
public readonly record struct MetadataAnswer<TResponse>(ErrorCode Error, TResponse? Response)
    where TResponse : class, IMessage;
