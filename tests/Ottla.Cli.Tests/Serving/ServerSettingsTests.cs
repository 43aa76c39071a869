using Ottla.Cli.CommandLine;
using Ottla.Cli.Serving;
using Ottla.Core.Configuration;

namespace Ottla.Cli.Tests.Serving;

public sealed class ServerSettingsTests
{
    [Fact]
    public void What_stands_nearer_to_the_command_wins()
    {
        var settings = new ServerSettings
        {
            Defaults = [new("num.partitions", "9"), new("group.initial.rebalance.delay.ms", "0")],
            FileText = "num.partitions=1\nlog.dirs=/file\nauto.create.topics.enable=false",
            Environment = new Dictionary<string, string> { ["OTTLA_NUM_PARTITIONS"] = "2", ["PATH"] = "/bin", ["OTTLA_JIT"] = "1" },
            Sets = ["num.partitions=3"],
            DataDirectory = "/option",
        };
        BrokerConfiguration configuration = Load(settings);
        Assert.Equal("3", configuration.Describe(BrokerKeys.Find("num.partitions")!).Value); // a key that exists
        Assert.Equal("0", configuration.Describe(BrokerKeys.Find("group.initial.rebalance.delay.ms")!).Value); // likewise
        Assert.Equal(["/option"], configuration.LogDirectories);
        Assert.Equal("false", configuration.Describe(BrokerKeys.Find("auto.create.topics.enable")!).Value); // likewise
    }

    [Fact]
    public void A_listener_may_leave_its_name_away()
    {
        var settings = new ServerSettings { Listeners = ["127.0.0.1:1234", "PLAINTEXT_INTERNAL://127.0.0.1:1235"] };
        Assert.Contains(
            KeyValuePair.Create("listeners", "PLAINTEXT://127.0.0.1:1234,PLAINTEXT_INTERNAL://127.0.0.1:1235"), settings.Collect());
    }

    [Fact]
    public void A_setting_without_a_value_is_usage() =>
        Assert.Throws<UsageException>(() => new ServerSettings { Sets = ["num.partitions"] }.Collect());

    private static BrokerConfiguration Load(ServerSettings settings)
    {
        ConfigurationLoad load = BrokerConfiguration.Load(settings.Collect());
        Assert.Empty(load.Errors);
        return load.Configuration!; // there are no errors
    }
}
