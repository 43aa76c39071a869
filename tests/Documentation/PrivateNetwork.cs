using Ottla.Tests.Processes;

namespace Ottla.Documentation.Tests;

/// <summary>
/// A network of its own, with nothing but a loopback interface: the commands of a page use the ports that they show, whatever else
/// runs on the machine.
/// </summary>
internal sealed class PrivateNetwork(ChildProcess holder) : IAsyncDisposable
{
    public static async Task<PrivateNetwork> CreateAsync(CancellationToken cancellationToken)
    {
        ChildProcess holder = ChildProcess.Start(new CommandLine("unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec sleep infinity"));
        try
        {
            await holder.WaitForLineAsync("up", TimeSpan.FromSeconds(10), cancellationToken);
            return new PrivateNetwork(holder);
        }
        catch (CommandFailedException failure)
        {
            await holder.DisposeAsync();
            Assert.SkipWhen(failure.Message.Contains("Operation not permitted", StringComparison.Ordinal), "a network namespace is not allowed here");
            throw;
        }
    }

    /// <summary>A command of a page, as a shell in the repository's folder runs it.</summary>
    public CommandLine Command(string text) => new("nsenter", $"--net=/proc/{holder.Id}/ns/net", "bash", "-o", "pipefail", "-c", text)
    {
        WorkingFolder = RepositoryRoot.Path,
        Timeout = TimeSpan.FromSeconds(60),
    };

    public ValueTask DisposeAsync() => holder.DisposeAsync();
}
