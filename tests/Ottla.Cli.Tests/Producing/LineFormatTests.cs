using Ottla.Cli.CommandLine;
using Ottla.Cli.Producing;
using Ottla.Client.Producing;
using Ottla.Records;

namespace Ottla.Cli.Tests.Producing;

public sealed class LineFormatTests
{
    [Theory]
    [InlineData("%k:%v", "a:b:c", "k=a v=b:c")]
    [InlineData("%p|%k|%v", "3|a|b", "p=3 k=a v=b")]
    [InlineData("[%T] %s", "[17] x y", "T=17 v=x y")]
    [InlineData("%v;", "a;b;", "v=a;b")]
    [InlineData("%k%%%v", "a%b", "k=a v=b")]
    [InlineData("%k\\t%v", "a\tb", "k=a v=b")]
    public void A_line_is_taken_apart(string format, string line, string expected)
    {
        var fields = new Dictionary<char, string>();
        Assert.True(LineFormat.Parse("-f", format).TryRead(line, fields));
        Assert.Equal(expected, string.Join(' ', fields.Select(field => $"{field.Key}={field.Value}")));
    }

    [Theory]
    [InlineData("%k:%v", "no separator")]
    [InlineData("[%v", "x")]
    [InlineData("%v;", "x")]
    public void A_line_without_the_format_is_refused(string format, string line) =>
        Assert.False(LineFormat.Parse("-f", format).TryRead(line, []));

    [Theory]
    [InlineData("%k%v")]
    [InlineData("%k:%k")]
    [InlineData("%q")]
    [InlineData("%")]
    [InlineData("text")]
    public void A_format_that_cannot_be_read_is_usage(string format) =>
        Assert.Throws<UsageException>(() => LineFormat.Parse("-f", format));

    [Fact]
    public void A_record_has_what_its_line_and_the_options_say()
    {
        RecordHeader[] headers = [new RecordHeader("h", "x"u8.ToArray())];
        var reader = new RecordReader("t", LineFormat.Parse("-f", "%p %T %k %v"), headers, partition: null, nullIfEmpty: false);
        ProducerRecord record = reader.Read("2 17 key some value", 1);
        Assert.Equal((2, 17L), (record.Partition, record.TimestampMilliseconds));
        Assert.Equal("key"u8, record.Key!.Value.Span); // the format has a key
        Assert.Equal("some value"u8, record.Value!.Value.Span); // and a value
        Assert.Same(headers, record.Headers);
    }

    [Fact]
    public void An_empty_value_is_a_tombstone_only_if_that_was_asked_for()
    {
        LineFormat format = LineFormat.KeyAndValue(":");
        Assert.Null(new RecordReader("t", format, [], null, nullIfEmpty: true).Read("k:", 1).Value);
        Assert.Equal(0, new RecordReader("t", format, [], null, nullIfEmpty: false).Read("k:", 1).Value?.Length);
    }

    [Fact]
    public void A_line_that_is_wrong_is_named_by_its_number() =>
        Assert.Contains(
            "line 12",
            Assert.Throws<CommandFailedException>(
                () => new RecordReader("t", LineFormat.KeyAndValue(":"), [], null, nullIfEmpty: false).Read("none", 12)).Message,
            StringComparison.Ordinal);
}
