using System.Text;

namespace Ottla.Records.Tests;

/// <summary>The records of the golden files.</summary>
internal static class GoldenRecords
{
    public const long Time = 1_700_000_000_000;

    /// <param name="magic">The message format: v0 has no timestamps, only v2 has headers.</param>
    /// <param name="isCompressed">Whether the last record, which is large, is there.</param>
    public static TestRecord[] Create(int magic, bool isCompressed)
    {
        RecordHeader[] headers = magic < 2 ? [] : [new("first", new byte[] { 1 }), new("zwei-ä", null)];
        TestRecord[] records =
        [
            new(Time, "k0"u8.ToArray(), "value-0"u8.ToArray(), []),
            new(Time + 5, null, "value-1"u8.ToArray(), headers),
            new(Time + 3, "k2"u8.ToArray(), null, []),
            new(Time + 5, [], [], []),
            new(Time - 7, "big"u8.ToArray(), Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789abcdefghij", 5_000))), []),
        ];
        return [.. records.Take(isCompressed ? 5 : 4).Select(record => magic == 0 ? record with { Timestamp = -1 } : record)];
    }
}
