using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Classic;

/// <summary>A SyncGroup request.</summary>
public sealed record SyncGroupCommand(RequestToken Token, SyncGroupRequest Request) : GroupCommand;
