namespace Ottla.Core.Groups;

/// <summary>A change of a group's volatile side: who waits, who was heard from, which phase runs. Lost when the coordinator moves.</summary>
public abstract record GroupEvent;
