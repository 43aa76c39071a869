using System.Globalization;

namespace Ottla.Coordination.Metadata;

/// <summary>Which part of the log a snapshot stands for; also its file name, as Kafka writes it.</summary>
/// <param name="EndOffset">The first offset that is not part of it.</param>
/// <param name="Epoch">The controller epoch of the last record that is.</param>
public readonly record struct SnapshotId(long EndOffset, int Epoch)
{
    /// <summary>What snapshot files end in.</summary>
    public const string Suffix = ".checkpoint";

    private const int OffsetDigits = 20;
    private const int EpochDigits = 10;

    /// <summary>The name of the snapshot's file.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{EndOffset:D20}-{Epoch:D10}{Suffix}");

    /// <summary>Reads a file name; false when it is not that of a snapshot.</summary>
    public static bool TryParse(string fileName, out SnapshotId id)
    {
        id = default;
        if (fileName.Length != OffsetDigits + 1 + EpochDigits + Suffix.Length
            || fileName[OffsetDigits] != '-'
            || !fileName.EndsWith(Suffix, StringComparison.Ordinal)
            || !long.TryParse(fileName.AsSpan(0, OffsetDigits), NumberStyles.None, CultureInfo.InvariantCulture, out long endOffset)
            || !int.TryParse(fileName.AsSpan(OffsetDigits + 1, EpochDigits), NumberStyles.None, CultureInfo.InvariantCulture, out int epoch))
        {
            return false;
        }

        id = new SnapshotId(endOffset, epoch);
        return true;
    }
}
