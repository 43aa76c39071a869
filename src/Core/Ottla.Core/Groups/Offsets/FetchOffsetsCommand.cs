using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Offsets;

/// <summary>
/// Asks for one group's committed offsets: of the topics named, or of all (null). Answered by an <see cref="OffsetFetchResponse"/> with
/// one group. There are no transactions, so every offset is stable and <c>RequireStable</c> changes nothing.
/// </summary>
public sealed record FetchOffsetsCommand(RequestToken Token, OffsetFetchRequest.OffsetFetchRequestGroup Group) : GroupCommand;
