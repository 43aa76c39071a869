using Ottla.Protocol;

namespace Ottla.Records;

/// <summary>What became of a message set of format v0 or v1.</summary>
public readonly record struct LegacyUpConversion
{
    /// <summary>None, or why the set is refused.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The refusal's reason, for people; null without an error.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// One batch of format v2, owned by the caller, which <see cref="RecordBatchValidator"/> has still to look at; null with an error.
    /// </summary>
    public PooledBuffer? Batch { get; init; }
}
