namespace Ottla.Core;

/// <summary>A timer to set, to move or to cancel. A timer that fires becomes a command.</summary>
/// <typeparam name="TTimer">The machine's timer keys; equal keys are the same timer.</typeparam>
/// <param name="Timer">Which timer.</param>
/// <param name="DueMonotonicMilliseconds">When it fires, on the clock of <see cref="Instant.MonotonicMilliseconds"/>; null cancels it.</param>
public readonly record struct TimerChange<TTimer>(TTimer Timer, long? DueMonotonicMilliseconds);
