using System.Globalization;

namespace Ottla.Storage.Segments;

/// <summary>Names of a segment's files: 20 digits of the base offset and a suffix.</summary>
internal static class SegmentFileNames
{
    public const string Log = ".log";
    public const string OffsetIndex = ".index";
    public const string TimeIndex = ".timeindex";
    public const string TransactionIndex = ".txnindex";
    public const string ProducerSnapshot = ".snapshot";

    /// <summary>Marks a file that is to be deleted when its last readers are done.</summary>
    public const string Deleted = ".deleted";

    /// <summary>Marks what a cleaner had not finished (it is dropped) and what it was about to swap in (it is completed).</summary>
    public const string Cleaned = ".cleaned";

    /// <inheritdoc cref="Cleaned"/>
    public const string Swap = ".swap";

    private const int Digits = 20;

    public static string For(long baseOffset, string suffix) =>
        string.Create(CultureInfo.InvariantCulture, $"{baseOffset:D20}{suffix}");

    /// <summary>Whether <paramref name="name"/> is 20 digits and exactly <paramref name="suffix"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, string suffix, out long baseOffset)
    {
        baseOffset = 0;
        return name.Length == Digits + suffix.Length
            && name.EndsWith(suffix, StringComparison.Ordinal)
            && long.TryParse(name[..Digits], NumberStyles.None, CultureInfo.InvariantCulture, out baseOffset);
    }

    /// <summary>Whether a segment's files have this suffix; the producer snapshot is not among them, as it describes all before it.</summary>
    public static bool IsIndexSuffix(string suffix) => suffix is OffsetIndex or TimeIndex or TransactionIndex;
}
