using Ottla.Protocol;

namespace Ottla.Records;

/// <summary>
/// Record bytes that cannot be decoded. Thrown by the readers that a consumer, a replay or a tool uses; the path of produced batches
/// answers with an <see cref="ErrorCode"/> instead.
/// </summary>
public sealed class MalformedRecordsException : Exception
{
    /// <summary>Says what is wrong with the bytes and how a broker would answer them.</summary>
    public MalformedRecordsException(ErrorCode error, string message)
        : base(message) => Error = error;

    /// <summary>Kafka's code for the fault, such as <see cref="ErrorCode.CorruptMessage"/>.</summary>
    public ErrorCode Error { get; }
}
