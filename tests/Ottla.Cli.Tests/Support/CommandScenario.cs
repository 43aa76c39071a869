using Ottla.Cli.CommandLine;
using Ottla.Testing;

namespace Ottla.Cli.Tests.Support;

/// <summary>The command line at a real broker, in the test's process.</summary>
internal sealed class CommandScenario : IAsyncDisposable
{
    private CommandScenario(TestBroker broker)
    {
        Broker = broker;
    }

    public TestBroker Broker { get; }

    public static async Task<CommandScenario> StartAsync() =>
        new(await TestBroker.StartAsync([new("offsets.topic.num.partitions", "1")], cancellationToken: TestContext.Current.CancellationToken));

    /// <summary>Runs a command that has to succeed and returns its lines.</summary>
    public Task<string[]> SucceedAsync(params string[] arguments) => SucceedWithAsync(string.Empty, arguments);

    /// <summary>The same with standard input.</summary>
    public async Task<string[]> SucceedWithAsync(string input, params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunWithAsync(input, arguments);
        Assert.True(exitCode == ExitCode.Success, $"ottla {string.Join(' ', arguments)} ended with {exitCode}: {error}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunWithAsync(string.Empty, arguments);

    public async ValueTask DisposeAsync() => await Broker.DisposeAsync();

    private async Task<(int ExitCode, string Output, string Error)> RunWithAsync(string input, string[] arguments)
    {
        (CliConsole console, StringWriter output, StringWriter error) = CliConsole.ForTests(input);
        int exitCode = await OttlaCommand.RunAsync([.. arguments, "-b", Broker.BootstrapServers], console, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }
}
