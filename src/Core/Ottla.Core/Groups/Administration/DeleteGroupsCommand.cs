namespace Ottla.Core.Groups.Administration;

/// <summary>Deletes groups of this machine, with their offsets.</summary>
public sealed record DeleteGroupsCommand(RequestToken Token, IReadOnlyList<string> GroupIds) : GroupCommand;
