namespace Ottla.Core.Groups;

/// <summary>The stored records are applied: session timers of the loaded members begin now, and offset expiry starts.</summary>
public sealed record CoordinatorLoadedCommand : GroupCommand;
