using System.Text;
using Ottla.Conformance.Tests.Brokers;
using Ottla.Tests.Processes;

namespace Ottla.Conformance.Tests;

/// <summary>A batch goes through the broker as its producer built it.</summary>
public sealed class PassThroughTests(BrokerFixture broker)
{
    private const short InvalidRecord = 87;

    // Base offset and partition leader epoch are the broker's; all else is the producer's.
    private const int BaseOffsetSize = 8, EpochOffset = 12, EpochEnd = 16;

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task A_batch_of_a_foreign_client_comes_back_byte_for_byte(string codec)
    {
        string source = await broker.NewTopicAsync($"bytes-source-{codec}");
        string target = await broker.NewTopicAsync($"bytes-target-{codec}");
        string lines = string.Concat(Enumerable.Range(0, 300).Select(index => $"a value that compresses well {index}\n"));
        (await ChildProcess.RunAsync(
            new CommandLine("kcat", "-b", broker.Address, "-P", "-t", source, "-z", codec, "-X", "linger.ms=500") { Input = Encoding.UTF8.GetBytes(lines) },
            TestContext.Current.CancellationToken)).ExpectExitCode(0);
        StoredBatches produced = StoredBatches.Of(broker.Broker.DataFolder, source).MaxBy(batch => batch.Bytes.Length)
            ?? throw new InvalidOperationException("nothing was stored");

        using WireClient client = new(broker.Broker.Port);
        (short error, long baseOffset) = await client.ProduceAsync(target, produced.Bytes);
        byte[] fetched = await client.FetchAsync(target);

        Assert.Equal(codec, produced.Codec);
        Assert.Equal((0, 0L), (error, baseOffset));
        Assert.Equal(produced.Bytes.Length, fetched.Length);
        Assert.Equal(produced.Bytes[BaseOffsetSize..EpochOffset], fetched[BaseOffsetSize..EpochOffset]);
        Assert.Equal(produced.Bytes[EpochEnd..], fetched[EpochEnd..]);
    }

    [Fact]
    public async Task An_empty_batch_is_refused()
    {
        string topic = await broker.NewTopicAsync("empty-batch");
        using WireClient client = new(broker.Broker.Port);

        (short error, _) = await client.ProduceAsync(topic, []);

        Assert.Equal(InvalidRecord, error);
    }

    [Fact]
    public async Task A_damaged_batch_is_refused_and_not_stored()
    {
        const short CorruptMessage = 2;
        string source = await broker.NewTopicAsync("damaged-source");
        string target = await broker.NewTopicAsync("damaged-target");
        (await ChildProcess.RunAsync(
            new CommandLine("kcat", "-b", broker.Address, "-P", "-t", source) { Input = "whole\n"u8.ToArray() },
            TestContext.Current.CancellationToken)).ExpectExitCode(0);
        byte[] batch = StoredBatches.Of(broker.Broker.DataFolder, source)[0].Bytes;
        batch[^1] ^= 1;
        using WireClient client = new(broker.Broker.Port);

        (short error, _) = await client.ProduceAsync(target, batch);

        Assert.Equal(CorruptMessage, error);
        Assert.Empty(await client.FetchAsync(target));
    }
}
