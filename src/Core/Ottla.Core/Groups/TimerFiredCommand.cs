namespace Ottla.Core.Groups;

/// <summary>A timer that the machine had set fired. The machine compares the due time in its state, so an early or stale one does nothing.</summary>
public sealed record TimerFiredCommand(GroupTimer Timer) : GroupCommand;
