using Ottla.Tests.Processes;

namespace Ottla.Conformance.Tests.Tools;

/// <summary>Apache Kafka's own tools, which work against any broker; skips where they or Java are missing.</summary>
internal static class KafkaTools
{
    /// <summary>Runs a tool by the short name that the start script has for it, or a class by <c>run CLASS</c>.</summary>
    public static async Task<CommandResult> RunAsync(string input, params string[] arguments)
    {
        string? program = BrokerProcess.KafkaProgram;
        Assert.SkipWhen(program is null, "Apache Kafka's tools or Java are not there");
        CommandLine command = new(program, arguments)
        {
            Input = System.Text.Encoding.UTF8.GetBytes(input),
            Environment = new Dictionary<string, string?> { ["KAFKA_HEAP"] = "128m" },
            Timeout = TimeSpan.FromSeconds(90),
        };
        return await ChildProcess.RunAsync(command, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs a tool that must succeed.</summary>
    public static async Task<CommandResult> SucceedAsync(string input, params string[] arguments) =>
        (await RunAsync(input, arguments)).ExpectExitCode(0);
}
