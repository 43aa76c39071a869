using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;

namespace Ottla.Cli.Tests.Formats;

public sealed class EscapesTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\\tb\\n", "a\tb\n")]
    [InlineData("\\\\n", "\\n")]
    [InlineData("\\x41\\0", "A\0")]
    public void An_escape_is_read(string text, string expected) => Assert.Equal(expected, Escapes.Read("-f", text));

    [Theory]
    [InlineData("\\q")]
    [InlineData("end\\")]
    [InlineData("\\x4")]
    [InlineData("\\xZZ")]
    public void An_unknown_escape_is_usage(string text) => Assert.Throws<UsageException>(() => Escapes.Read("-f", text));
}
