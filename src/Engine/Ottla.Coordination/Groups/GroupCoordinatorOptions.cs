using Ottla.Coordination.Hosts;
using Ottla.Core.Groups;

namespace Ottla.Coordination.Groups;

/// <summary>What a group coordinator is set up with.</summary>
public sealed record GroupCoordinatorOptions
{
    /// <summary>Limits and times of groups.</summary>
    public GroupOptions Groups { get; init; } = new();

    /// <summary>Limits of the host of each partition.</summary>
    public CoordinatorHostOptions Host { get; init; } = new();
}
