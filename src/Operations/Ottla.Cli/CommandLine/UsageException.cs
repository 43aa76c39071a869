namespace Ottla.Cli.CommandLine;

/// <summary>A command line that parses but makes no sense; the message names the option, the value and what is allowed.</summary>
internal sealed class UsageException(string message) : Exception(message);
