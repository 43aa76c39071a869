using System.CommandLine;

namespace Ottla.Cli.CommandLine;

/// <summary>Options that every command takes.</summary>
internal static class GlobalOptions
{
    public const string DefaultBootstrap = "127.0.0.1:9092";

    public static Option<string> Bootstrap { get; } = new("--bootstrap-server", "-b")
    {
        Description = "The brokers to ask first, separated by commas",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => DefaultBootstrap,
        Recursive = true,
    };

    public static Option<string> Output { get; } = CreateOutput();

    private static Option<string> CreateOutput()
    {
        var option = new Option<string>("--output")
        {
            Description = "How to print what is listed or described",
            DefaultValueFactory = _ => "table",
            Recursive = true,
        };
        option.AcceptOnlyFromAmong("table", "json");
        return option;
    }
}
