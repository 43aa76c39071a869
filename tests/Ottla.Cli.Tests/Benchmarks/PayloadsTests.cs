using System.Text;
using Ottla.Cli.Benchmarks;
using Ottla.Cli.CommandLine;

namespace Ottla.Cli.Tests.Benchmarks;

public sealed class PayloadsTests
{
    [Fact]
    public void A_size_gives_other_letters_in_every_record_and_the_same_in_every_run()
    {
        var payloads = Payloads.OfSize(100);
        string[] values = [Text(payloads, 0), Text(payloads, 1), Text(payloads, 2)];
        Assert.All(values, value => Assert.Matches("^[A-Z]{100}$", value));
        Assert.Equal(3, values.Distinct().Count());
        var again = Payloads.OfSize(100);
        Assert.Equal(values, (string[])[Text(again, 0), Text(again, 1), Text(again, 2)]);
    }

    [Fact]
    public void Numbers_are_the_records_own()
    {
        var payloads = Payloads.Numbers();
        Assert.Equal(["0", "10", "9223372036854775807"], [Text(payloads, 0), Text(payloads, 10), Text(payloads, long.MaxValue)]);
    }

    [Theory]
    [InlineData("one\ntwo\n", "\\n", "one|two")]
    [InlineData("one\ntwo", "\\n", "one|two")]
    [InlineData("one,two,three,,", ",", "one|two|three|")]
    [InlineData(",,one", ",", "|one")]
    [InlineData("a1b22c", "[0-9]+", "a|b|c")]
    [InlineData("no delimiter", ",", "no delimiter")]
    [InlineData("äö;ü", ";", "äö|ü")]
    public void A_text_is_taken_apart_as_Kafkas_tool_does(string text, string delimiter, string expected)
    {
        var payloads = Payloads.Split(text, delimiter);
        string[] values = expected.Split('|');

        Assert.Equal(values.Length, payloads.Count);
        var seen = Enumerable.Range(0, 1000).Select(index => Text(payloads, index)).ToHashSet();
        Assert.Equal(values.ToHashSet(), seen);
    }

    [Theory]
    [InlineData("", ",", "--payload-file: there is nothing but delimiters")]
    [InlineData(",", ",", "--payload-file: there is nothing but delimiters")]
    [InlineData("a", "", "--payload-delimiter: the delimiter cannot be empty")]
    [InlineData("a", "[", "--payload-delimiter: \"[\" is no regular expression")]
    public void A_file_or_delimiter_of_no_use_is_refused(string text, string delimiter, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<UsageException>(() => Payloads.Split(text, delimiter)).Message, StringComparison.Ordinal);

    private static string Text(Payloads payloads, long index) => Encoding.UTF8.GetString(payloads.Next(index).Span);
}
