namespace Ottla.Client.Consuming;

/// <summary>How a group's partitions are shared out among its members (<c>partition.assignment.strategy</c>).</summary>
public enum AssignmentStrategy
{
    /// <summary>Neighbouring partitions of each topic to each member.</summary>
    Range,

    /// <summary>All partitions in turn.</summary>
    RoundRobin,

    /// <summary>As few moves as possible, without a pause for the partitions that stay (KIP-429).</summary>
    CooperativeSticky,
}
