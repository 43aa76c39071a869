using System.Globalization;
using Ottla.Cli.CommandLine;
using Ottla.Client.Offsets;

namespace Ottla.Cli.Formats;

/// <summary>Where consuming begins: an offset, or a time to look an offset up for.</summary>
/// <param name="Offset">The offset, or null.</param>
/// <param name="Time">The time, see <see cref="OffsetTime"/>, or null.</param>
internal readonly record struct StartOffset(long? Offset, long? Time)
{
    public static StartOffset Beginning => new(null, OffsetTime.Earliest);

    public static StartOffset End => new(null, OffsetTime.Latest);

    /// <summary>Reads <c>beginning</c>, <c>end</c>, <c>@TIME</c> or an offset.</summary>
    /// <exception cref="UsageException">It is none of these.</exception>
    public static StartOffset Parse(string option, string text, TimeProvider timeProvider)
    {
        if (text.StartsWith('@'))
        {
            return new StartOffset(null, TimeText.Parse(option, text[1..], timeProvider));
        }

        return text switch
        {
            "beginning" or "earliest" => Beginning,
            "end" or "latest" => End,
            _ => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
                ? new StartOffset(offset, null)
                : throw new UsageException($"{option}: \"{text}\" is no place to begin; allowed are beginning, end, an offset, and @TIME such as @-1h."),
        };
    }
}
