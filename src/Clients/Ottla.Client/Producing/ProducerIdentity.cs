using Ottla.Protocol;

namespace Ottla.Client.Producing;

/// <summary>Who an idempotent producer is to one partition; unknown for a producer that is not idempotent.</summary>
/// <param name="Id">The id that a broker gave out.</param>
/// <param name="Epoch">Grows by one when a partition's sequence starts over.</param>
internal readonly record struct ProducerIdentity(ProducerId Id, short Epoch)
{
    public static ProducerIdentity None => new(ProducerId.None, -1);

    public bool IsKnown => Id.Value >= 0;

    /// <summary>Whether there is an epoch after this one.</summary>
    public bool CanBump => Epoch < short.MaxValue;

    public ProducerIdentity Bumped() => this with { Epoch = (short)(Epoch + 1) };
}
