namespace Ottla.Core.Groups.Offsets;

/// <summary>Topics were deleted: what groups committed for them must not count for new topics of the same name.</summary>
public sealed record TopicsDeletedCommand(IReadOnlyCollection<string> Topics) : GroupCommand;
