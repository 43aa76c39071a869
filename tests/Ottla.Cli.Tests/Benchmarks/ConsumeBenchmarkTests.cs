using System.CommandLine;
using Ottla.Cli.Benchmarks;
using Ottla.Cli.CommandLine;
using Ottla.Client.Consuming;

namespace Ottla.Cli.Tests.Benchmarks;

public sealed class ConsumeBenchmarkTests
{
    [Theory]
    [InlineData("", null, 1048576, AutoOffsetReset.Earliest)]
    [InlineData("--group g --fetch-size 2048 --from-latest", "g", 2048, AutoOffsetReset.Latest)]
    public void Options_become_the_clients(string options, string? group, int fetchBytes, AutoOffsetReset reset)
    {
        ConsumerOptions read = Read(options, []);
        Assert.Equal((group, fetchBytes, reset), (read.GroupId, read.MaximumPartitionFetchBytes, read.AutoOffsetReset));
    }

    [Fact]
    public void Options_win_over_settings_and_settings_over_defaults()
    {
        Dictionary<string, string> settings = new() { ["group.id"] = "s", ["max.partition.fetch.bytes"] = "4096", ["auto.offset.reset"] = "latest" };

        ConsumerOptions plain = Read("", settings);
        ConsumerOptions given = Read("--group g --fetch-size 1048576", settings);

        Assert.Equal(("s", 4096, AutoOffsetReset.Latest), (plain.GroupId, plain.MaximumPartitionFetchBytes, plain.AutoOffsetReset));
        Assert.Equal(("g", 1048576), (given.GroupId, given.MaximumPartitionFetchBytes));
    }

    private static ConsumerOptions Read(string options, Dictionary<string, string> settings)
    {
        (CliConsole console, _, _) = CliConsole.ForTests();
        ParseResult parsed = ConsumeBenchmark.Create(console).Parse($"--topic t --num-records 1 {options}");
        return ConsumeBenchmark.ToOptions(new CommandContext(parsed, console), settings);
    }
}
