using System.Globalization;

namespace Ottla.Differential.Tests.Scripting;

/// <summary>How scripts spell numbers: as they are, or <c>now</c>, <c>now+5</c>, <c>now-5</c> for the milliseconds at which the run began.</summary>
internal static class NumberText
{
    private const string Now = "now";

    /// <summary>The same moment for both brokers, so that a timestamp that was sent can be compared.</summary>
    public static long Start { get; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public static long Parse(string text) => text switch
    {
        "" => 0,
        Now => Start,
        _ when text.StartsWith(Now, StringComparison.Ordinal) => Start + long.Parse(text[Now.Length..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        _ => long.Parse(text, CultureInfo.InvariantCulture),
    };
}
