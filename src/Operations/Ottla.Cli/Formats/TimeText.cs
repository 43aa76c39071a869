using System.Globalization;
using Ottla.Cli.CommandLine;

namespace Ottla.Cli.Formats;

/// <summary>
/// Reads a point in time: milliseconds since 1970, an ISO 8601 date or time (UTC unless it says otherwise), or an age such as <c>-90s</c>,
/// <c>-15m</c>, <c>-1h</c>, <c>-7d</c>.
/// </summary>
internal static class TimeText
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF",
        "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss",
    ];

    /// <summary>Milliseconds since 1970.</summary>
    /// <exception cref="UsageException">The text is no time.</exception>
    public static long Parse(string option, string text, TimeProvider timeProvider)
    {
        if (TryParseAge(text, out TimeSpan age))
        {
            return (timeProvider.GetUtcNow() - age).ToUnixTimeMilliseconds();
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds))
        {
            return milliseconds;
        }

        return DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time.ToUnixTimeMilliseconds()
            : throw new UsageException(
                $"{option}: \"{text}\" is no time; allowed are an age such as -1h, a time such as 2026-01-31T08:00:00Z, and milliseconds since 1970.");
    }

    private static bool TryParseAge(string text, out TimeSpan age)
    {
        age = default;
        if (text.Length < 3
            || text[0] != '-'
            || !double.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            return false;
        }

        double? seconds = text[^1] switch
        {
            's' => number,
            'm' => number * 60,
            'h' => number * 3600,
            'd' => number * 86400,
            _ => null,
        };
        if (seconds is not { } known || known > TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return false;
        }

        age = TimeSpan.FromSeconds(known);
        return true;
    }
}
