namespace Ottla.Core.Groups.Classic;

/// <summary>The time in which members may join the next generation.</summary>
/// <param name="Deadline">When it ends, on the monotonic clock.</param>
/// <param name="IsInitial">Whether the group was empty: then it always waits until the deadline, which moves while members arrive.</param>
/// <param name="DelayMilliseconds">The length of the current wait.</param>
/// <param name="RemainingMilliseconds">How much longer the initial wait may be extended.</param>
/// <param name="MemberArrived">Whether a member came since the current wait began.</param>
public sealed record JoinPhase(long Deadline, bool IsInitial, int DelayMilliseconds, int RemainingMilliseconds, bool MemberArrived);
