namespace Ottla.Core.Controller;

/// <summary>The controller sets no timers.</summary>
public readonly record struct NoTimer;
