using System.Globalization;
using Ottla.Protocol;
using Ottla.Storage.Directories;
using Ottla.Storage.Files;
using Ottla.Storage.Logs;
using Ottla.Storage.Tests.Support;

namespace Ottla.Storage.Tests.Logs;

[Collection(MeasuredAlone.Name)]
public sealed class IdleCostTests
{
    [Fact]
    public async Task An_idle_partition_costs_less_than_ten_kilobytes_and_one_open_file()
    {
        const int Count = 70, Rounds = 3;
        using var folder = new TemporaryDirectory();
        LogScenario scenario = await new LogScenario(new LinuxFileSystem(), path: folder.Path).OpenAsync();
        int filesBefore = OpenFilesUnder(folder.Path);
        var bytesEach = new List<long>();
        for (int round = 0; round < Rounds; round++)
        {
            long bytesBefore = GC.GetTotalMemory(forceFullCollection: true);
            await CreateLogsAsync(scenario, Count, $"idle-{round}");
            bytesEach.Add((GC.GetTotalMemory(forceFullCollection: true) - bytesBefore) / Count);
        }

        // What the tests before left in pools and threads is given back at some moment, which spoils one round.
        Assert.InRange(bytesEach.Order().ElementAt(Rounds / 2), 0, 10_000);
        Assert.Equal(Count * Rounds, OpenFilesUnder(folder.Path) - filesBefore);
        await scenario.Directories.StopAsync(1);
    }

    private static async Task CreateLogsAsync(LogScenario scenario, int count, string topic)
    {
        for (int partition = 0; partition < count; partition++)
        {
            LogCreation creation = await scenario.Directories.CreateLogAsync(
                new TopicPartition(topic, new PartitionId(partition)), LogScenario.Topic, new LogOptions(), CancellationToken.None);
            byte[] batch = Batches.Build("one record");
            creation.Log!.Append(batch, Batches.HeaderOf(batch), new LeaderEpoch(0), AppendOrigin.Client, null); // the disk has room
        }
    }

    private static int OpenFilesUnder(string path) =>
        Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd"))
            .Select(link => File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName)
            .Count(target => target?.StartsWith(path, StringComparison.Ordinal) == true);
}
