using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Classic;

/// <summary>A JoinGroup request.</summary>
/// <param name="Token">The request to answer.</param>
/// <param name="Request">Its body. Slices of it that are kept are copied.</param>
/// <param name="ApiVersion">Decides whether a new member must come back with its id (4) and whether assigning is skipped (9).</param>
/// <param name="Client">Who sent it.</param>
/// <param name="NewMemberUuid">Randomness for the id of a new member.</param>
public sealed record JoinGroupCommand(
    RequestToken Token, JoinGroupRequest Request, short ApiVersion, GroupClient Client, Guid NewMemberUuid) : GroupCommand;
