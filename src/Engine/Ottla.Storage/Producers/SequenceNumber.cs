namespace Ottla.Storage.Producers;

/// <summary>Arithmetic on producer sequence numbers, which run from 0 to 2^31 - 1 and begin anew.</summary>
internal static class SequenceNumber
{
    public const int None = -1;

    public static int Add(int sequence, int increment) => (int)((sequence + (long)increment) & int.MaxValue);

    public static int Subtract(int sequence, int decrement) => (int)((sequence - (long)decrement) & int.MaxValue);

    /// <summary>Whether <paramref name="next"/> continues after <paramref name="last"/>; after none only 0 does.</summary>
    public static bool Follows(int last, int next) => next == (last == int.MaxValue ? 0 : last + 1);

    /// <summary>Whether <paramref name="sequence"/> lies behind <paramref name="other"/>, on the shorter way around.</summary>
    public static bool IsBefore(int sequence, int other) => sequence != other && Subtract(other, sequence) < 1 << 30;
}
