namespace Ottla.Client.Producing;

/// <summary>What a partition is asked to send into.</summary>
/// <param name="Clock">The client's clock.</param>
/// <param name="Now">Its timestamp when the sender began to look.</param>
/// <param name="BytesLeft">What fits into the request.</param>
internal readonly record struct SendWindow(TimeProvider Clock, long Now, long BytesLeft)
{
    public TimeSpan Since(long timestamp) => Clock.GetElapsedTime(timestamp, Now);

    public TimeSpan Until(long timestamp) => Clock.GetElapsedTime(Now, timestamp);
}
