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
        const int count = 200;
        using var folder = new TemporaryDirectory();
        LogScenario scenario = await new LogScenario(new LinuxFileSystem(), path: folder.Path).OpenAsync();
        long bytesBefore = GC.GetTotalMemory(forceFullCollection: true);
        int filesBefore = OpenFilesUnder(folder.Path);
        for (int partition = 0; partition < count; partition++)
        {
            LogCreation creation = await scenario.Directories.CreateLogAsync(
                new TopicPartition("idle", new PartitionId(partition)), LogScenario.Topic, new LogOptions(), CancellationToken.None);
            byte[] batch = Batches.Build("one record");
            creation.Log!.Append(batch, Batches.HeaderOf(batch), new LeaderEpoch(0), AppendOrigin.Client, null);
        }

        long bytesEach = (GC.GetTotalMemory(forceFullCollection: true) - bytesBefore) / count;

        Assert.InRange(bytesEach, 0, 10_000);
        Assert.Equal(count, OpenFilesUnder(folder.Path) - filesBefore);
        await scenario.Directories.StopAsync(1);
    }

    private static int OpenFilesUnder(string path) =>
        Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd"))
            .Select(link => File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName)
            .Count(target => target?.StartsWith(path, StringComparison.Ordinal) == true);
}
