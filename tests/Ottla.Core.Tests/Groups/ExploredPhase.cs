namespace Ottla.Core.Tests.Groups;

/// <summary>Where a consumer of the explorer is in the protocol.</summary>
internal enum ExploredPhase
{
    Idle,
    Joining,
    Joined,
    Syncing,
    Stable,
    Fenced,
}
