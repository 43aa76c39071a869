namespace Ottla.Client.Producing;

/// <summary>Whether a batch that failed may go again.</summary>
/// <param name="IsAllowed">Whether its delivery timeout leaves time for it.</param>
/// <param name="NotBefore">The earliest time, as a timestamp of the client's clock.</param>
internal readonly record struct RetryAllowance(bool IsAllowed, long NotBefore);
