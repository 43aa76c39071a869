namespace Ottla.Core.Groups.Administration;

/// <summary>Describes groups of this machine.</summary>
/// <param name="Token">The request to answer.</param>
/// <param name="GroupIds">The groups.</param>
/// <param name="ApiVersion">Decides whether a missing group is an error (6, KIP-1043) or a dead group.</param>
public sealed record DescribeGroupsCommand(RequestToken Token, IReadOnlyList<string> GroupIds, short ApiVersion) : GroupCommand;
