using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Classic;

/// <summary>A LeaveGroup request. Its members are always in <see cref="LeaveGroupRequest.Members"/>, also for the versions that name one.</summary>
public sealed record LeaveGroupCommand(RequestToken Token, LeaveGroupRequest Request) : GroupCommand;
