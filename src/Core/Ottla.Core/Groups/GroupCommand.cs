namespace Ottla.Core.Groups;

/// <summary>What a group machine is asked to decide: a request, a timer that fired or a change around it.</summary>
public abstract record GroupCommand;
