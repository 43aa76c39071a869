namespace Ottla.Core.Groups;

/// <summary>What a group timer ends.</summary>
public enum GroupTimerKind
{
    /// <summary>A member was not heard from for its session timeout, or a pending member did not come back.</summary>
    MemberSession,

    /// <summary>The time in which members may join the next generation is over.</summary>
    JoinPhase,

    /// <summary>The time in which members fetch their assignment is over.</summary>
    SyncPhase,

    /// <summary>Committed offsets are checked against their retention.</summary>
    OffsetExpiry,
}
