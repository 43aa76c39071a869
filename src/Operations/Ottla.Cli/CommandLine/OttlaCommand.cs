using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Ottla.Cli.Benchmarks;
using Ottla.Cli.Clusters;
using Ottla.Cli.Consuming;
using Ottla.Cli.Groups;
using Ottla.Cli.Producing;
using Ottla.Cli.Serving;
using Ottla.Cli.Topics;

namespace Ottla.Cli.CommandLine;

/// <summary>The whole command line: <c>ottla NOUN VERB</c>.</summary>
internal static partial class OttlaCommand
{
    /// <summary>Parses and runs a command line; returns the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliConsole console, CancellationToken cancellationToken)
    {
        RootCommand root = Create(console);
        // An argument that begins with @ is a time here, not a file with more arguments.
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (string error in Describe(parsed))
            {
                await console.Error.WriteLineAsync($"ottla: {error}");
            }

            await console.Error.WriteLineAsync($"Try `{PathOf(parsed.CommandResult)} --help`.");
            return ExitCode.Usage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = console.Output,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        int exitCode = await parsed.InvokeAsync(configuration, cancellationToken);
        await console.Output.FlushAsync(cancellationToken: CancellationToken.None);
        return exitCode;
    }

    /// <summary>The command tree.</summary>
    public static RootCommand Create(CliConsole console)
    {
        var root = new RootCommand("Ottla: a Kafka broker, and the tools for any Kafka cluster, in one file.")
        {
            GlobalOptions.Bootstrap,
            GlobalOptions.Output,
            ServerCommand.Create(console),
            DevCommand.Create(console),
            TopicCommand.Create(console),
            ProduceCommand.Create(console),
            ConsumeCommand.Create(console),
            GroupCommand.Create(console),
            ClusterCommand.Create(console),
            ConfigCommand.Create(console),
            BenchCommand.Create(console),
            CompletionCommand.Create(console),
            VersionCommand.Create(console),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        root.Options[root.Options.IndexOf(help)] = new HelpOption("--help", "-h", "-?") { Description = help.Description }; // without /h and /?
        return root;
    }

    /// <summary>What is wrong with a command line: what was not understood, or else what is missing.</summary>
    private static IEnumerable<string> Describe(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count > 0)
        {
            return parsed.UnmatchedTokens.Select(token => $"Unrecognized command or argument '{token}'.");
        }

        return parsed.Errors.Select(error => DotnetType().Replace(
            error.Message,
            type => type.Value.Contains("'System.", StringComparison.Ordinal) ? " as a number" : string.Empty)
            .ReplaceLineEndings(" ").Replace("\t", string.Empty, StringComparison.Ordinal));
    }

    [GeneratedRegex(" as expected type '[^']*'")]
    private static partial Regex DotnetType();

    private static string PathOf(CommandResult result)
    {
        string name = result.Command is RootCommand ? "ottla" : result.Command.Name;
        return result.Parent is CommandResult parent ? $"{PathOf(parent)} {name}" : name;
    }
}
