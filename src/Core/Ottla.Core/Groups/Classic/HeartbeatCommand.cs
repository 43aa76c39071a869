using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Classic;

/// <summary>A Heartbeat request.</summary>
public sealed record HeartbeatCommand(RequestToken Token, HeartbeatRequest Request) : GroupCommand;
