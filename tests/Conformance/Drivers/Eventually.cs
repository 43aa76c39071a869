using System.Diagnostics;

namespace Ottla.Conformance.Tests.Drivers;

/// <summary>Waits for what other processes bring about.</summary>
internal static class Eventually
{
    /// <summary>Asks again and again until <paramref name="condition"/> holds; fails with <paramref name="state"/> when it never does.</summary>
    public static async Task HoldsAsync(string expectation, Func<bool> condition, Func<string> state, int limitSeconds, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < limitSeconds, $"{expectation}: not within {limitSeconds} s; {state()}");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
