using Microsoft.Extensions.Time.Testing;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client.Offsets;

namespace Ottla.Cli.Tests.Formats;

public sealed class TimeTextTests
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 1, 31, 8, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("-90s", "2026-01-31T07:58:30Z")]
    [InlineData("-15m", "2026-01-31T07:45:00Z")]
    [InlineData("-1h", "2026-01-31T07:00:00Z")]
    [InlineData("-1.5h", "2026-01-31T06:30:00Z")]
    [InlineData("-7d", "2026-01-24T08:00:00Z")]
    [InlineData("2026-01-02", "2026-01-02T00:00:00Z")]
    [InlineData("2026-01-02T03:04", "2026-01-02T03:04:00Z")]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.25+02:00", "2026-01-02T01:04:05.25Z")]
    [InlineData("1767323045000", "2026-01-02T03:04:05Z")]
    public void A_time_is_read(string text, string expected) =>
        Assert.Equal(
            DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(),
            TimeText.Parse("--time", text, Clock));

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("-1w")]
    [InlineData("-h")]
    [InlineData("31.01.2026")]
    [InlineData("-999999999999999d")]
    public void What_is_no_time_is_usage(string text) =>
        Assert.Contains("--time", Assert.Throws<UsageException>(() => TimeText.Parse("--time", text, Clock)).Message, StringComparison.Ordinal);

    [Fact]
    public void Places_to_begin_are_read()
    {
        Assert.Equal(new StartOffset(null, OffsetTime.Earliest), StartOffset.Parse("-o", "beginning", Clock));
        Assert.Equal(new StartOffset(null, OffsetTime.Latest), StartOffset.Parse("-o", "end", Clock));
        Assert.Equal(new StartOffset(42, null), StartOffset.Parse("-o", "42", Clock));
        Assert.Equal(new StartOffset(null, Clock.GetUtcNow().ToUnixTimeMilliseconds() - 3_600_000), StartOffset.Parse("-o", "@-1h", Clock));
        Assert.Throws<UsageException>(() => StartOffset.Parse("-o", "-5", Clock));
    }
}
