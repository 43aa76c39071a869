using Ottla.Protocol;

namespace Ottla.Storage.Producers;

/// <summary>What a producer's state says to a batch before it is appended.</summary>
internal readonly record struct ProducerCheck(ErrorCode Error, string? Message, ProducerBatch? Duplicate)
{
    public static ProducerCheck Accepted => default;

    public static ProducerCheck Refused(ErrorCode error, string message) => new(error, message, null);

    public static ProducerCheck Repeated(ProducerBatch original) => new(ErrorCode.None, null, original);
}
