using Ottla.Protocol;

namespace Ottla.Client;

/// <summary>
/// A request that failed: with an error code from a broker, or without an answer. Every exception that the client throws for a
/// reason other than a wrong argument or a cancellation is of this type.
/// </summary>
public sealed class KafkaException : Exception
{
    /// <summary>Makes an exception for an error that a broker answered.</summary>
    /// <param name="error">What the broker answered; never <see cref="ErrorCode.None"/>.</param>
    /// <param name="message">What failed, in words; null for the error's name alone.</param>
    /// <param name="innerException">The reason below, such as a socket error.</param>
    public KafkaException(ErrorCode error, string? message = null, Exception? innerException = null)
        : base(message ?? error.KafkaName(), innerException)
    {
        Error = error;
    }

    /// <summary>
    /// What went wrong, as Kafka names it. A lost connection is <see cref="ErrorCode.NetworkException"/>, a missing answer
    /// <see cref="ErrorCode.RequestTimedOut"/>.
    /// </summary>
    public ErrorCode Error { get; }

    /// <summary>The API that was called, or null where none was (no broker could be reached).</summary>
    public ApiKey? Api { get; init; }

    /// <summary>The broker that was asked, as <c>host:port</c>, or null where none was.</summary>
    public string? Broker { get; init; }

    /// <summary>The addresses that were tried in vain; empty unless no broker could be reached.</summary>
    public IReadOnlyList<BrokerAddress> TriedAddresses { get; init; } = [];

    /// <summary>Whether the same call may succeed later. The client has already retried within its time limit.</summary>
    public bool IsRetriable => Error.IsRetriable();

    /// <summary>Whether the producer or consumer that threw this can do no more and has to be replaced.</summary>
    public bool IsFatal => Error is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.FencedInstanceId
        or ErrorCode.UnsupportedVersion or ErrorCode.ClusterAuthorizationFailed or ErrorCode.GroupAuthorizationFailed
        or ErrorCode.UnsupportedForMessageFormat or ErrorCode.SaslAuthenticationFailed;

    internal static KafkaException Of(ErrorCode error, ApiKey api, string? broker, string? detail = null)
    {
        string subject = broker is null ? $"{api} failed" : $"{api} failed on broker {broker}";
        string message = string.IsNullOrEmpty(detail)
            ? $"{subject}: {error.KafkaName()}"
            : $"{subject}: {error.KafkaName()}: {detail}";
        return new KafkaException(error, message) { Api = api, Broker = broker };
    }
}
