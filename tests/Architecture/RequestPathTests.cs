using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ottla.Architecture.Tests;

/// <summary>A request walks straight through: the hops exist where docs/data-path.md says, and handlers stay short.</summary>
public sealed partial class RequestPathTests
{
    private const int MaximumHandlerLines = 150;

    private static IReadOnlyList<SourceFile> Handlers =>
        [.. SourceTree.Shipped.Where(file => file.Path.StartsWith("src/Server/Ottla.Broker/Requests/", StringComparison.Ordinal)
            && file.TopLevelTypes.OfType<ClassDeclarationSyntax>().Any(IsHandler))];

    [Fact]
    public void The_files_of_the_data_path_exist()
    {
        string[] named = [.. SourceFileName().Matches(SourceTree.Read("docs/data-path.md")).Select(match => match.Groups[1].Value).Distinct()];
        Rule.LooksAt(named);
        Rule.Holds("docs/data-path.md names files that exist.",
            named.Where(name => !SourceTree.Files.Any(file => file.Path.EndsWith("/" + name, StringComparison.Ordinal))));
    }

    [Fact]
    public void Handlers_are_short()
    {
        Rule.Holds($"A handler has at most {MaximumHandlerLines} lines of code below its opening comment.",
            from file in Handlers
            let lines = file.Lines.SkipWhile(line => !line.StartsWith("namespace ", StringComparison.Ordinal)).Count(line => !string.IsNullOrWhiteSpace(line))
            where lines > MaximumHandlerLines
            select $"{file.Path} has {lines}");
    }

    [Fact]
    public void Handlers_open_with_their_versions_and_errors()
    {
        Rule.Holds("A handler's file opens with the versions served, what each changed, and the errors returned.",
            from file in Handlers
            let opening = string.Join('\n', file.Lines.TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal)))
            where !Opening().IsMatch(opening)
            select file.Path);
    }

    [Fact]
    public void Handlers_are_registered_in_the_one_list()
    {
        string list = SourceTree.Shipped.FirstOrDefault(file => file.Path.EndsWith("/Requests/RequestHandlers.cs", StringComparison.Ordinal))?.Text ?? string.Empty;
        Rule.Holds("Every handler stands in Requests/RequestHandlers.cs.",
            from file in Handlers
            let name = file.FileName
            where !list.Contains(name, StringComparison.Ordinal)
            select file.Path);
    }

    [GeneratedRegex(@"`((?:Ottla\.\w+/)[\w/.]+\.cs)`")]
    private static partial Regex SourceFileName();

    [GeneratedRegex(@"^// \w+ \d+(-\d+)?\b[\s\S]*\b(Errors|No errors)\b")]
    private static partial Regex Opening();

    private static bool IsHandler(ClassDeclarationSyntax type) =>
        type.Identifier.Text.EndsWith("Handler", StringComparison.Ordinal) && !type.Modifiers.ToString().Contains("abstract", StringComparison.Ordinal);
}
