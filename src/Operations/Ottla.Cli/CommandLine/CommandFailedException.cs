namespace Ottla.Cli.CommandLine;

/// <summary>A command that could not be carried out for a reason of its own.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
