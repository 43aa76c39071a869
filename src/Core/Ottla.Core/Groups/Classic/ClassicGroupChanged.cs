namespace Ottla.Core.Groups.Classic;

/// <summary>The group as it is after a decision, with its volatile side. Applied after the decision's records, with which it agrees.</summary>
public sealed record ClassicGroupChanged(ClassicGroup Group) : GroupEvent;
