using Ottla.Protocol;

namespace Ottla.Broker.Requests;

/// <summary>The one place where an exception becomes an error code. Expected outcomes never come here: they are codes already.</summary>
internal static class ExceptionMapper
{
    public static ErrorCode ToErrorCode(Exception exception) => exception switch
    {
        IOException => ErrorCode.KafkaStorageError,
        MalformedMessageException => ErrorCode.InvalidRequest,
        TimeoutException => ErrorCode.RequestTimedOut,
        _ => ErrorCode.UnknownServerError,
    };
}
