using System.Globalization;

namespace Ottla.Cli.Output;

/// <summary>Numbers and times as tables show them, the same in every locale.</summary>
internal static class Texts
{
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(IEnumerable<int> numbers) => string.Join(',', numbers.Select(number => Of(number)));

    /// <summary>A number that may be unknown.</summary>
    public static string OrDash(long? number) => number is { } known ? Of(known) : "-";

    /// <summary>Milliseconds since 1970 as UTC.</summary>
    public static string Time(long milliseconds) => milliseconds < 0
        ? "-"
        : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
