using Ottla.Protocol.Messages;

namespace Ottla.Core.Groups.Offsets;

/// <summary>An OffsetDelete request, with only topics that exist.</summary>
public sealed record DeleteOffsetsCommand(RequestToken Token, OffsetDeleteRequest Request) : GroupCommand;
