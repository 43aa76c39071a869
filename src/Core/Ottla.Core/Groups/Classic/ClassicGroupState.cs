namespace Ottla.Core.Groups.Classic;

/// <summary>The states of a classic group. Names are Kafka's, as ListGroups and DescribeGroups show them.</summary>
public enum ClassicGroupState
{
    /// <summary>No members. Offsets may be committed by anyone.</summary>
    Empty,

    /// <summary>Members are asked to rejoin; the next generation forms.</summary>
    PreparingRebalance,

    /// <summary>The generation stands; its leader is computing the assignment.</summary>
    CompletingRebalance,

    /// <summary>Every member can fetch its assignment.</summary>
    Stable,

    /// <summary>There is no such group. Shown by DescribeGroups only; the machine holds none in this state.</summary>
    Dead,
}
