using System.Text;
using System.Text.Json;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Consuming;
using Ottla.Client.Consuming;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Cli.Tests.Consuming;

public sealed class RecordFormatTests
{
    [Theory]
    [InlineData("%v\\n", "value\n")]
    [InlineData("%t-%p@%o %k=%s", "t-1@40 key=value")]
    [InlineData("%T %h %K %V %%", "1000 h=x 3 5 %")]
    public void A_record_is_written_as_the_format_says(string format, string expected) =>
        Assert.Equal(expected, Write(new RecordFormat("-f", format), Batch("key"u8.ToArray(), "value"u8.ToArray())));

    [Fact]
    public void Null_has_no_bytes_and_the_length_minus_one() =>
        Assert.Equal("[] [] -1 -1", Write(new RecordFormat("-f", "[%k] [%v] %K %V"), Batch(null, null)));

    [Fact]
    public void Json_tells_null_from_empty_and_keeps_bytes_that_are_no_text()
    {
        JsonElement record = JsonDocument.Parse(Write(null, Batch(null, [0xFF, 0x00]))).RootElement;
        Assert.Equal(JsonValueKind.Null, record.GetProperty("key").ValueKind);
        Assert.Equal([0xFF, 0x00], record.GetProperty("valueBase64").GetBytesFromBase64());
        Assert.Equal((40L, 1000L), (record.GetProperty("offset").GetInt64(), record.GetProperty("timestamp").GetInt64()));
        Assert.Equal("x", record.GetProperty("headers")[0].GetProperty("value").GetString());

        JsonElement empty = JsonDocument.Parse(Write(null, Batch([], "é"u8.ToArray()))).RootElement;
        Assert.Equal("", empty.GetProperty("key").GetString());
        Assert.Equal("é", empty.GetProperty("value").GetString());
    }

    [Fact]
    public void A_limit_stops_within_a_batch_and_tells_where_to_go_on()
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { BaseOffset = 40 });
        foreach (string value in new[] { "a", "b", "c" })
        {
            builder.Append(0, NullableBytes.Null, Encoding.UTF8.GetBytes(value));
        }

        var output = new StringWriter();
        var writer = new RecordWriter(output, new RecordFormat("-f", "%v"));
        Assert.Equal(2, writer.Write(ToBatch(builder), limit: 2, out long nextOffset));
        Assert.Equal(42, nextOffset);
    }

    [Fact]
    public void An_unknown_field_is_usage() => Assert.Throws<UsageException>(() => new RecordFormat("-f", "%z"));

    private static string Write(RecordFormat? format, ConsumedBatch batch)
    {
        var output = new StringWriter();
        var writer = new RecordWriter(output, format);
        writer.Write(batch, long.MaxValue, out _);
        ValueTask flushed = writer.FlushAsync(TestContext.Current.CancellationToken);
        Assert.True(flushed.IsCompletedSuccessfully);
        return output.ToString();
    }

    private static ConsumedBatch Batch(byte[]? key, byte[]? value)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { BaseOffset = 40 });
        builder.Append(1000, key, value, [new RecordHeader("h", "x"u8.ToArray())]);
        return ToBatch(builder);
    }

    private static ConsumedBatch ToBatch(RecordBatchBuilder builder)
    {
        byte[] bytes = builder.Build().ToArray();
        Assert.True(RecordBatchHeader.TryRead(bytes, out RecordBatchHeader header));
        return new ConsumedBatch(new TopicPartition("t", new PartitionId(1)), header, bytes.AsMemory(RecordBatchHeader.SizeInBytes), header.BaseOffset);
    }
}
