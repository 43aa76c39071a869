using Ottla.Tests.Processes;

namespace Ottla.Conformance.Tests.Drivers;

/// <summary>A foreign client library, and how to run its driver.</summary>
public sealed record ForeignClient(string Name, string Program, params string[] Arguments)
{
    /// <summary>kafkajs 2.2.4.</summary>
    public static ForeignClient Kafkajs { get; } = new("kafkajs", Node, Driver("javascript/kafkajs.mjs")) { Codecs = ["none", "gzip"] };

    /// <summary>@platformatic/kafka 1.35.0. Its zstd is that of Node.js 22.15.</summary>
    public static ForeignClient Platformatic { get; } = new("platformatic", Node, Driver("javascript/platformatic.mjs")) { Codecs = ["none", "gzip", "snappy", "lz4"] };

    /// <summary>python3-confluent-kafka of Debian.</summary>
    public static ForeignClient ConfluentPython { get; } = new("confluent", DebianPython, Driver("python/confluent.py"));

    /// <summary>python3-kafka of Debian. Its zstd, snappy and lz4 are packages that Debian does not bring along.</summary>
    public static ForeignClient KafkaPython { get; } = new("kafka-python", DebianPython, Driver("python/kafka_python.py")) { Codecs = ["none", "gzip"] };

    /// <summary>kafka-go 0.2.1 of Debian.</summary>
    public static ForeignClient KafkaGo { get; } = new("kafka-go", RepositoryRoot.Combine("artifacts", "clients", "kafka-go")) { Codecs = ["none", "gzip", "snappy", "lz4"], HasHeaders = false, HasNullValues = false };

    /// <summary>Confluent.Kafka of NuGet with its own librdkafka.</summary>
    public static ForeignClient ConfluentDotnet { get; } = new("confluent-dotnet", RepositoryRoot.Combine("tests", "Conformance", "Clients", "dotnet", "bin", "Debug", "net10.0", "Ottla.Conformance.DotnetClient"));

    /// <summary>The codecs that the library has as it is installed.</summary>
    public IReadOnlyList<string> Codecs { get; init; } = ["none", "gzip", "snappy", "lz4", "zstd"];

    /// <summary>Whether it knows record headers.</summary>
    public bool HasHeaders { get; init; } = true;

    /// <summary>Whether it tells a null key or value from an empty one.</summary>
    public bool HasNullValues { get; init; } = true;

    private static string DebianPython => "/usr/bin/python3";

    private static string Node
    {
        get
        {
            string own = RepositoryRoot.Combine("artifacts", "node", "node_modules", "node", "bin", "node");
            return File.Exists(own) ? own : "node";
        }
    }

    /// <summary>The command that makes the driver do <paramref name="work"/>.</summary>
    public CommandLine Command(string address, params string[] work) => new(Program, [.. Arguments, address, .. work])
    {
        Environment = new Dictionary<string, string?> { ["OTTLA_NODE_MODULES"] = RepositoryRoot.Combine("artifacts", "npm", "node_modules") },
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Skips the test, with the reason, where the library is not installed.</summary>
    public void SkipWhereMissing()
    {
        bool isThere = Name switch
        {
            "kafkajs" or "platformatic" => Directory.Exists(RepositoryRoot.Combine("artifacts", "npm", "node_modules", "kafkajs")),
            "kafka-go" => File.Exists(Program),
            "confluent" => Directory.Exists("/usr/lib/python3/dist-packages/confluent_kafka"),
            "kafka-python" => Directory.Exists("/usr/lib/python3/dist-packages/kafka"),
            _ => true,
        };
        Assert.SkipUnless(isThere, $"{Name} is not installed: run tests/Conformance/Clients/install");
    }

    /// <inheritdoc />
    public override string ToString() => Name;

    private static string Driver(string path) => RepositoryRoot.Combine(["tests", "Conformance", "Clients", .. path.Split('/')]);
}
