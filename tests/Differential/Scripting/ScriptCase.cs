namespace Ottla.Differential.Tests.Scripting;

/// <summary>A course of requests with topics and groups of its own.</summary>
/// <param name="Script">The script's name.</param>
/// <param name="Name">What happens in it.</param>
/// <param name="Rounds">How often it is run at most: each time its requests are one version older, down to the oldest that both serve.</param>
/// <param name="Steps">The requests, in order.</param>
internal sealed record ScriptCase(string Script, string Name, int Rounds, IReadOnlyList<ScriptStep> Steps)
{
    public override string ToString() => $"{Script}: {Name}";
}
