using System.CommandLine;
using System.Runtime.InteropServices;

namespace Ottla.Cli.CommandLine;

/// <summary><c>ottla version</c>.</summary>
internal static class VersionCommand
{
    public static string Version { get; } = typeof(VersionCommand).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static Command Create(CliConsole console) =>
        new Command("version", "Print Ottla's version").Runs(
            console,
            async (context, _) => await context.Output.WriteLineAsync(
                $"ottla {Version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})"));
}
