using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Offsets;

/// <summary>An OffsetCommit request, with only topics and partitions that exist, by name.</summary>
/// <param name="Token">The request to answer.</param>
/// <param name="Request">Its body.</param>
/// <param name="ApiVersion">Decides the answer for a group that does not exist (9).</param>
public sealed record CommitOffsetsCommand(RequestToken Token, OffsetCommitRequest Request, short ApiVersion) : GroupCommand;
