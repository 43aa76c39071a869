namespace Ottla.Coordination.Hosts;

/// <summary>What a coordinator host is doing.</summary>
public enum CoordinatorState
{
    /// <summary>Replaying the partition's log; requests are told to come back (COORDINATOR_LOAD_IN_PROGRESS).</summary>
    Loading,

    /// <summary>Serving.</summary>
    Active,

    /// <summary>The log could not be replayed or a record could not be applied; requests are told COORDINATOR_NOT_AVAILABLE.</summary>
    Failed,

    /// <summary>Another broker leads the partition, or this one is stopping; requests are told NOT_COORDINATOR.</summary>
    Stopped,
}
