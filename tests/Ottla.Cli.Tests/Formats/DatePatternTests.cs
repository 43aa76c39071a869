using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;

namespace Ottla.Cli.Tests.Formats;

public sealed class DatePatternTests
{
    private static readonly DateTimeOffset Afternoon = new(2026, 3, 1, 15, 4, 5, 67, TimeSpan.FromHours(-3.5));

    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss:SSS", "2026-03-01 15:04:05:067")]
    [InlineData("yy y M MMM MMMM d", "26 2026 3 Mar March 1")]
    [InlineData("E EEEE u", "Sun Sunday 7")]
    [InlineData("H k K h a S", "15 15 3 3 PM 67")]
    [InlineData("Z X XX", "-0330 -03 -0330")]
    [InlineData("XX" + "X", "-03:30")]
    [InlineData("'at' HH''mm 'o''clock'", "at 15'04 o'clock")]
    public void Times_look_as_with_Javas_SimpleDateFormat(string pattern, string expected) =>
        Assert.Equal(expected, DatePattern.Parse("--date-format", pattern).Format(Afternoon));

    [Theory]
    [InlineData("H k K h a X Z", "0 24 0 12 AM Z +0000")]
    public void Midnight_has_many_hours(string pattern, string expected) =>
        Assert.Equal(expected, DatePattern.Parse("--date-format", pattern).Format(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("yyyy-ww", "has the letter w; allowed are y M d")]
    [InlineData("'open", "has a quote that is not closed")]
    public void A_pattern_that_cannot_be_written_is_refused(string pattern, string expected) =>
        Assert.Contains(expected, Assert.Throws<UsageException>(() => DatePattern.Parse("--date-format", pattern)).Message, StringComparison.Ordinal);
}
