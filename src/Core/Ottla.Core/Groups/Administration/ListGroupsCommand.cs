using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Administration;

/// <summary>A ListGroups request, for the groups of this machine.</summary>
public sealed record ListGroupsCommand(RequestToken Token, ListGroupsRequest Request) : GroupCommand;
