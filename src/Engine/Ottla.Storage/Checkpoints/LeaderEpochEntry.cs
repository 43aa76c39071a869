using Ottla.Protocol;

namespace Ottla.Storage.Checkpoints;

/// <summary>A leader epoch and the offset of its first record.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="StartOffset">The first offset that was, or will be, written under it.</param>
public readonly record struct LeaderEpochEntry(LeaderEpoch Epoch, long StartOffset);
