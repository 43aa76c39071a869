using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Storage.Tests.Support;

namespace Ottla.Coordination.Tests.Metadata;

/// <summary>
/// The process dies at every single operation that changes the disk, in turn. Whatever was answered is there after the next start, and
/// what was under way is there as a whole or not at all.
/// </summary>
public sealed class MetadataCrashTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_was_answered_survives_a_crash_at_any_operation(bool losesUnsynced)
    {
        (List<string> states, int operations) = await RunAsync(new SimulatedDisk(), CancellationToken.None);
        Assert.True(operations > 60, $"The script changed the disk only {operations} times.");

        for (int crashAt = 1; crashAt <= operations; crashAt++)
        {
            SimulatedDisk disk = new() { CrashAt = crashAt };
            int answered = (await RunAsync(disk, CancellationToken.None)).States.Count;
            Assert.True(disk.HasCrashed, $"Operation {crashAt} was not reached.");

            await using MetadataScenario after = new(disk.AfterCrash(losesUnsynced)) { MaxBytesBetweenSnapshots = 700 };
            await after.OpenAsync();

            string found = ImageText.Of(after.Host.Current);
            List<string> allowed = answered == 0 ? [Nothing, states[0]] : states[(answered - 1)..Math.Min(answered + 1, states.Count)];
            Assert.True(allowed.Contains(found), $"After a crash at operation {crashAt}, {disk.Log[^1]}:\n{found}\nis none of\n{string.Join("\nor\n", allowed)}");
            Assert.Equal(ErrorCode.None, await after.CreateTopicAsync("goes-on"));
        }
    }

    private static string Nothing => ImageText.Of(MetadataImage.Empty("c"));

    /// <summary>Runs the script until it ends or the process dies; returns the state after each answer.</summary>
    private static async Task<(List<string> States, int Operations)> RunAsync(SimulatedDisk disk, CancellationToken cancellationToken)
    {
        List<string> states = [];
        MetadataScenario scenario = new(disk) { MaxBytesBetweenSnapshots = 700 };
        try
        {
            await scenario.OpenAsync();
            foreach (Func<MetadataScenario, Task<bool>> step in Script)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!await step(scenario))
                {
                    break;
                }

                states.Add(ImageText.Of(scenario.Host.Current));
            }

            await scenario.Host.StopAsync();
        }
        catch (SimulatedCrashException)
        {
            // What it had done until then stands.
        }

        return (states, disk.Operations);
    }

    private static Func<MetadataScenario, Task<bool>>[] Script { get; } =
    [
        scenario => IsDone(scenario.CreateTopicAsync("a", 2, ("retention.ms", "1000"), ("segment.bytes", "2000000"))),
        scenario => IsDone(scenario.CreateTopicAsync("b", 3)),
        async scenario => await scenario.AllocateProducerIdsAsync() >= 0,
        scenario => IsDone(scenario.DeleteTopicAsync("a")),
        scenario => IsDone(scenario.CreateTopicAsync("a", 5)),
        scenario => IsDone(scenario.CreateTopicAsync("c", 4, ("cleanup.policy", "compact"))),
        scenario => IsDone(scenario.DeleteTopicAsync("b")),
        async scenario => await scenario.AllocateProducerIdsAsync() >= 0,
        scenario => IsDone(scenario.CreateTopicAsync("d", 6)),
        scenario => IsDone(scenario.DeleteTopicAsync("c")),
    ];

    private static async Task<bool> IsDone(Task<ErrorCode> step) => await step == ErrorCode.None;
}
