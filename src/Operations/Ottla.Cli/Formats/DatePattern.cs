using System.Globalization;
using System.Text;
using Ottla.Cli.CommandLine;

namespace Ottla.Cli.Formats;

/// <summary>
/// Writes times as Java's SimpleDateFormat does, whose patterns Kafka's tools take. A run of one letter is a field, text stands between
/// quotes, and two quotes are one. The names of months and days are English.
/// </summary>
internal sealed class DatePattern
{
    private const string Letters = "yMdEuHkKhmsSaZX";

    private readonly List<(char Letter, string Run)> _parts;

    private DatePattern(List<(char Letter, string Run)> parts)
    {
        _parts = parts;
    }

    /// <exception cref="UsageException">The pattern has an unknown letter, or a quote that is not closed.</exception>
    public static DatePattern Parse(string option, string pattern)
    {
        List<(char Letter, string Run)> parts = [];
        int index = 0;
        while (index < pattern.Length)
        {
            char letter = pattern[index];
            int start = index;
            if (letter == '\'')
            {
                parts.Add(('\0', Quoted(option, pattern, ref index)));
                continue;
            }

            while (index < pattern.Length && pattern[index] == letter)
            {
                index++;
            }

            if (char.IsAsciiLetter(letter) && !Letters.Contains(letter, StringComparison.Ordinal))
            {
                throw new UsageException($"{option}: \"{pattern}\" has the letter {letter}; allowed are {string.Join(' ', Letters.AsEnumerable())}, and others between quotes.");
            }

            parts.Add((char.IsAsciiLetter(letter) ? letter : '\0', pattern[start..index]));
        }

        return new DatePattern(parts);
    }

    public string Format(DateTimeOffset time)
    {
        var text = new StringBuilder();
        foreach ((char letter, string run) in _parts)
        {
            text.Append(letter == '\0' ? run : Field(letter, run.Length, time));
        }

        return text.ToString();
    }

    private static string Quoted(string option, string pattern, ref int index)
    {
        var text = new StringBuilder();
        bool isPair = index + 1 < pattern.Length && pattern[index + 1] == '\'';
        if (isPair)
        {
            index += 2;
            return "'";
        }

        for (index++; index < pattern.Length; index++)
        {
            if (pattern[index] != '\'')
            {
                text.Append(pattern[index]);
                continue;
            }

            index++;
            if (index >= pattern.Length || pattern[index] != '\'')
            {
                return text.ToString();
            }

            text.Append('\'');
        }

        throw new UsageException($"{option}: \"{pattern}\" has a quote that is not closed.");
    }

    private static string Field(char letter, int width, DateTimeOffset time) => letter switch
    {
        'y' => width == 2 ? Padded(time.Year % 100, 2) : Padded(time.Year, width),
        'M' => width < 3 ? Padded(time.Month, width) : Named(time, width == 3 ? "MMM" : "MMMM"),
        'd' => Padded(time.Day, width),
        'E' => Named(time, width < 4 ? "ddd" : "dddd"),
        'u' => Padded(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek, width),
        'H' => Padded(time.Hour, width),
        'k' => Padded(time.Hour == 0 ? 24 : time.Hour, width),
        'K' => Padded(time.Hour % 12, width),
        'h' => Padded(time.Hour % 12 == 0 ? 12 : time.Hour % 12, width),
        'm' => Padded(time.Minute, width),
        's' => Padded(time.Second, width),
        'S' => Padded(time.Millisecond, width),
        'a' => Named(time, "tt"),
        'X' => time.Offset == TimeSpan.Zero ? "Z" : Zone(time.Offset, width),
        _ => Zone(time.Offset, 2),
    };

    private static string Padded(int number, int width) => number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');

    private static string Named(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static string Zone(TimeSpan offset, int width)
    {
        string hours = $"{(offset < TimeSpan.Zero ? '-' : '+')}{Padded(Math.Abs(offset.Hours), 2)}";
        string minutes = Padded(Math.Abs(offset.Minutes), 2);
        return width switch
        {
            1 => hours,
            2 => hours + minutes,
            _ => $"{hours}:{minutes}",
        };
    }
}
