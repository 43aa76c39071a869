using System.Diagnostics;
using Ottla.Protocol;
using Ottla.Storage.Files;

namespace Ottla.Coordination.Tests.Metadata;

/// <summary>Apache Kafka's own tool reads the log and the snapshots. Skipped where Java or Kafka is missing.</summary>
public sealed class KafkaReadsMetadataTests
{
    [Fact]
    public async Task Kafka_dump_log_reads_the_log_and_its_snapshot()
    {
        string? kafka = FindKafka();
        Assert.SkipWhen(kafka is null, "Apache Kafka is not beside the project, or there is no Java.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ottla-metadata-");
        try
        {
            MetadataScenario scenario = new(new LinuxFileSystem(), folder.FullName);
            await scenario.OpenAsync();
            Assert.Equal(ErrorCode.None, await scenario.CreateTopicAsync("orders", 2, ("retention.ms", "5000")));
            Assert.Equal(0, await scenario.AllocateProducerIdsAsync());
            await scenario.Log.WriteSnapshotAsync(scenario.Host.Current);
            Assert.Equal(ErrorCode.None, await scenario.DeleteTopicAsync("orders"));
            await scenario.StopAsync();

            string snapshot = Assert.Single(Directory.GetFiles(scenario.LogPath, "*.checkpoint"));
            string log = await DumpAsync(kafka!, Path.Combine(scenario.LogPath, "00000000000000000000.log")); // Skipped when null.
            string dumped = await DumpAsync(kafka!, snapshot); // Skipped when null.

            foreach (string expected in (string[])["LeaderChange", "FEATURE_LEVEL_RECORD", "REGISTER_BROKER_RECORD", "TOPIC_RECORD", "PARTITION_RECORD", "CONFIG_RECORD", "PRODUCER_IDS_RECORD", "REMOVE_TOPIC_RECORD"])
            {
                Assert.Contains(expected, log, StringComparison.Ordinal);
            }

            foreach (string expected in (string[])["SnapshotHeader", "\"name\":\"orders\"", "\"nextProducerId\":1000", "SnapshotFooter"])
            {
                Assert.Contains(expected, dumped, StringComparison.Ordinal);
            }

            Assert.DoesNotContain("isvalid: false", log + dumped, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> DumpAsync(string kafka, string file)
    {
        ProcessStartInfo start = new(kafka, ["dump-log", "--cluster-metadata-decoder", "--files", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KAFKA_HEAP"] = "128m" },
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("The tool did not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{output}\n{await errors}");
        return output;
    }

    private static string? FindKafka()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ottla.slnx")))
        {
            folder = folder.Parent;
        }

        string kafka = Path.Combine(folder?.Parent?.FullName ?? "/", "shared", "kafka", "kafka");
        bool hasJava = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(static directory => File.Exists(Path.Combine(directory, "java")));
        return hasJava && File.Exists(kafka) ? kafka : null;
    }
}
