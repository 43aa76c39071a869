namespace Ottla.Core.Controller;

/// <summary>The controller has no volatile events.</summary>
public readonly record struct NoEvent;
