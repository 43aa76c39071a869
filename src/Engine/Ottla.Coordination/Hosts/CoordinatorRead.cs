using Ottla.Protocol;

namespace Ottla.Coordination.Hosts;

/// <summary>Batches that were read. Dispose it when they are no longer needed.</summary>
/// <param name="Error">NONE or why nothing was read.</param>
/// <param name="Records">Whole batches; empty at the end of the log.</param>
/// <param name="Owner">What holds the memory of <paramref name="Records"/>.</param>
public readonly record struct CoordinatorRead(ErrorCode Error, ReadOnlyMemory<byte> Records, IDisposable? Owner) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Owner?.Dispose();
}
