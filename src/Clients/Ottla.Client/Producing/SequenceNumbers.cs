namespace Ottla.Client.Producing;

/// <summary>Sequence numbers count a partition's records and start over at 0 after the largest positive 32-bit number (KIP-98).</summary>
internal static class SequenceNumbers
{
    public static int Advance(int sequence, int count) =>
        sequence > int.MaxValue - count ? count - (int.MaxValue - sequence) - 1 : sequence + count;
}
