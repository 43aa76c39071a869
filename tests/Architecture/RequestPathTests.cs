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
        Rule.Holds($"A handler has at most {MaximumHandlerLines} lines.",
            Handlers.Where(file => file.Lines.Length > MaximumHandlerLines).Select(file => $"{file.Path} has {file.Lines.Length}"));
    }

    [Fact]
    public void Handlers_open_with_their_versions_and_errors()
    {
        Rule.Holds("A handler's file opens with the versions served, what each changed, and the errors returned.",
            from file in Handlers
            let type = file.TopLevelTypes.First()
            let opening = file.Root.GetLeadingTrivia().ToString() + string.Concat(file.Root.Members.Select(member => member.GetLeadingTrivia().ToString())) + type.GetLeadingTrivia()
            where !opening.Contains("ersion", StringComparison.Ordinal) || !opening.Contains("rror", StringComparison.Ordinal)
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

    private static bool IsHandler(ClassDeclarationSyntax type) =>
        type.Identifier.Text.EndsWith("Handler", StringComparison.Ordinal) && !type.Modifiers.ToString().Contains("abstract", StringComparison.Ordinal);
}
