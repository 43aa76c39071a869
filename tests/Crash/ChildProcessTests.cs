using Ottla.Tests.Processes;

namespace Ottla.Crash.Tests;

/// <summary>What kills brokers here has to kill them, or a test waits for ever.</summary>
public sealed class ChildProcessTests
{
    [Fact]
    public async Task A_program_that_is_killed_as_it_starts_is_gone()
    {
        for (int count = 0; count < 50; count++)
        {
            ChildProcess child = ChildProcess.Start(new CommandLine("sleep", "600"));
            int process = child.Id;
            child.KillGroup();
            await child.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.False(Directory.Exists($"/proc/{process}"), $"process {process} of round {count} lives on");
        }
    }
}
