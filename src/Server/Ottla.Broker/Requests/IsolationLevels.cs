namespace Ottla.Broker.Requests;

/// <summary>What a consumer wants to see of transactions (KIP-98), as requests number it.</summary>
internal static class IsolationLevels
{
    public const sbyte ReadUncommitted = 0;
    public const sbyte ReadCommitted = 1;

    public static bool Exists(sbyte level) => level is ReadUncommitted or ReadCommitted;
}
