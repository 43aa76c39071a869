namespace Ottla.Cli.CommandLine;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command could not be carried out.</summary>
    public const int Failure = 1;

    /// <summary>The command line says something that cannot be done.</summary>
    public const int Usage = 2;
}
