using System.CommandLine;
using Ottla.Cli.Output;
using Ottla.Client;

namespace Ottla.Cli.CommandLine;

/// <summary>What a running command works with.</summary>
internal sealed class CommandContext(ParseResult parsed, CliConsole console)
{
    /// <summary>How commands reach a cluster unless something else is asked for.</summary>
    public static OttlaClientOptions ClientDefaults { get; } = new()
    {
        ClientId = "ottla-cli",
        AllowAutoTopicCreation = false,
        BootstrapTimeout = TimeSpan.FromSeconds(2),
        CallTimeout = TimeSpan.FromSeconds(30),
    };

    public CliConsole Console => console;

    public TextWriter Output => console.Output;

    public TextWriter Error => console.Error;

    public string Bootstrap => parsed.GetValue(GlobalOptions.Bootstrap) ?? GlobalOptions.DefaultBootstrap;

    /// <summary>Prints lists and descriptions as the user asked.</summary>
    public ResultPrinter Printer => new(console, parsed.GetValue(GlobalOptions.Output) == "json");

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>Whether the user gave the option, rather than its default counting.</summary>
    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>A client of the brokers that the user named with -b, or else of <paramref name="bootstrap"/>. The caller disposes it.</summary>
    public OttlaClient Connect(OttlaClientOptions? options = null, string? bootstrap = null)
    {
        string servers = IsGiven(GlobalOptions.Bootstrap) ? Bootstrap : bootstrap ?? Bootstrap;
        try
        {
            return OttlaClient.Connect(servers, options ?? ClientDefaults);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"--bootstrap-server: \"{servers}\" is not HOST:PORT, or several of them separated by commas.");
        }
    }
}
