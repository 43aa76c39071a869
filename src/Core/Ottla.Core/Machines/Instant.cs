namespace Ottla.Core;

/// <summary>
/// The time at which a command is decided, read once by the host. Timeouts are computed from the monotonic clock only, so that a
/// jump of the wall clock moves none; the wall clock is for what is stored.
/// </summary>
/// <param name="UnixMilliseconds">Wall clock, milliseconds since 1970 in UTC.</param>
/// <param name="MonotonicMilliseconds">Monotonic clock, milliseconds since an arbitrary start.</param>
public readonly record struct Instant(long UnixMilliseconds, long MonotonicMilliseconds)
{
    /// <summary>The monotonic time so many milliseconds from now; the end of time where that is never.</summary>
    public long MonotonicAfter(long milliseconds) =>
        milliseconds > long.MaxValue - MonotonicMilliseconds ? long.MaxValue : MonotonicMilliseconds + milliseconds;
}
