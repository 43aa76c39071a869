using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ottla.Architecture.Tests;

/// <summary>The rings of docs/architecture.md: arrows point only downward, in project files and in the namespaces that code names.</summary>
public sealed class ProjectArrowsTests
{
    /// <summary>What a project's code may name of Ottla; a name covers what is below it. Its own namespace is always allowed.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Ottla.Protocol.Generator"] = [],
        ["Ottla.Protocol"] = [],
        ["Ottla.Records"] = ["Ottla.Protocol"],
        ["Ottla.Core"] = ["Ottla.Protocol", "Ottla.Records"],
        ["Ottla.Transport"] = ["Ottla.Protocol", "Ottla.Records"],
        ["Ottla.Storage"] = ["Ottla.Protocol", "Ottla.Records"],
        ["Ottla.Replication"] = ["Ottla.Protocol", "Ottla.Records", "Ottla.Core", "Ottla.Storage", "Ottla.Transport"],
        ["Ottla.Coordination"] = ["Ottla.Protocol", "Ottla.Records", "Ottla.Core", "Ottla.Storage", "Ottla.Transport", "Ottla.Replication"],
        ["Ottla.Broker"] = ["Ottla.Protocol", "Ottla.Records", "Ottla.Core", "Ottla.Storage", "Ottla.Transport", "Ottla.Replication", "Ottla.Coordination"],
        ["Ottla.Client"] = ["Ottla.Protocol", "Ottla.Records", "Ottla.Transport"],
        ["Ottla.Http"] = ["Ottla.Broker", "Ottla.Client"],
        // The command line prints records.
        ["Ottla.Cli"] = ["Ottla.Client", "Ottla.Broker", "Ottla.Http", "Ottla.Core.Configuration", "Ottla.Protocol", "Ottla.Records"],
        ["Ottla.Testing"] = ["Ottla.Broker", "Ottla.Client", "Ottla.Core.Configuration", "Ottla.Protocol"],
    };

    /// <summary>What a project's code must not name although the ring below is open to it.</summary>
    private static readonly Dictionary<string, string[]> Forbidden = new()
    {
        ["Ottla.Records"] = ["Ottla.Protocol.Messages"],
        ["Ottla.Storage"] = ["Ottla.Protocol.Messages"],
        ["Ottla.Broker"] = ["Microsoft.AspNetCore"],
        ["Ottla.Core"] = ["Microsoft.Extensions"],
        ["Ottla.Client"] = ["Microsoft.AspNetCore"],
        ["Ottla.Testing"] = ["Microsoft.AspNetCore"],
    };

    private static readonly string[] BuildRulePackages =
        ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.CodeAnalysis.PublicApiAnalyzers", "Microsoft.VisualStudio.Threading.Analyzers"];

    private static IReadOnlyList<ProjectFile> ShippedProjects =>
        [.. SourceTree.Projects.Where(path => path.StartsWith("src/", StringComparison.Ordinal)).Select(ProjectFile.Load)];

    [Fact]
    public void Every_shipped_project_has_a_place_in_the_rings()
    {
        Rule.Holds("A new project gets its arrows in ProjectArrowsTests and docs/architecture.md first.",
            ShippedProjects.Where(project => !Allowed.ContainsKey(project.Name)).Select(project => project.Path));
    }

    [Fact]
    public void Project_references_point_only_downward()
    {
        Rule.LooksAt(ShippedProjects);
        Rule.Holds("A project refers only to rings below its own.",
            from project in ShippedProjects
            from reference in project.Projects
            where !(project.Name == "Ottla.Protocol" && reference == "Ottla.Protocol.Generator") // an analyzer, not a reference
            where !Allowed[project.Name].Any(name => name.StartsWith(reference, StringComparison.Ordinal))
            select $"{project.Path} refers to {reference}");
    }

    [Fact]
    public void Code_names_only_namespaces_below_its_own()
    {
        Rule.Holds("Code names only namespaces that its ring may use.",
            from file in SourceTree.Shipped
            let project = ProjectOf(file)
            where Allowed.ContainsKey(project)
            from name in NamedNamespaces(file)
            where !IsAllowed(project, name)
            select $"{file.Path} names {name}");
    }

    [Fact]
    public void Packages_in_shipped_projects_have_a_decision_record()
    {
        string[] records = [.. SourceTree.Paths("docs/decisions", "*.md").Select(SourceTree.Read)];
        Rule.LooksAt(records);
        Rule.Holds("A package in a shipped project is named in a record of docs/decisions.",
            from project in ShippedProjects
            from package in project.Packages
            where !BuildRulePackages.Contains(package) && !records.Any(text => text.Contains(package, StringComparison.Ordinal))
            select $"{project.Path} takes {package}");
    }

    [Fact]
    public void Only_the_http_project_takes_aspnet()
    {
        Rule.Holds("ASP.NET comes in through Ottla.Http alone.",
            ShippedProjects.Where(project => project.Name != "Ottla.Http" && project.Frameworks.Count > 0).Select(project => project.Path));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = SourceTree.Read("Ottla.slnx");
        Rule.Holds("Every project is in Ottla.slnx, or nobody builds it.",
            SourceTree.Projects.Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_shipped_project_has_a_test_project()
    {
        Rule.Holds("Each shipped project has its tests.",
            from project in ShippedProjects
            where !SourceTree.Projects.Any(path => path.EndsWith($"/{project.Name}.Tests.csproj", StringComparison.Ordinal))
            // The generator is tested with the messages that it makes.
            where project.Name != "Ottla.Protocol.Generator"
            select project.Path);
    }

    internal static string ProjectOf(SourceFile file) => file.Path.Split('/') is ["src", _, var project, ..] ? project : string.Empty;

    private static IEnumerable<string> NamedNamespaces(SourceFile file)
    {
        IEnumerable<string> usings = file.All<UsingDirectiveSyntax>().Select(directive => directive.NamespaceOrType.ToString());
        IEnumerable<string> qualified = file.All<QualifiedNameSyntax>()
            .Where(name => name.Parent is not (QualifiedNameSyntax or BaseNamespaceDeclarationSyntax))
            .Select(name => name.ToString())
            .Concat(file.All<MemberAccessExpressionSyntax>().Select(name => name.ToString()))
            .Where(name => name.StartsWith("Ottla.", StringComparison.Ordinal));
        return usings.Concat(qualified).Select(name => name.Replace("global::", string.Empty, StringComparison.Ordinal)).Distinct();
    }

    private static bool IsAllowed(string project, string name)
    {
        if (Forbidden.TryGetValue(project, out string[]? forbidden) && forbidden.Any(prefix => IsBelow(name, prefix)))
        {
            return false;
        }

        return !name.StartsWith("Ottla.", StringComparison.Ordinal)
            || IsBelow(name, project)
            || Allowed[project].Any(prefix => IsBelow(name, prefix))
            || Allowed[project].Any(prefix => IsBelow(prefix, name) && name.Count(c => c == '.') == 1);
    }

    private static bool IsBelow(string name, string prefix) =>
        name == prefix || name.StartsWith(prefix + ".", StringComparison.Ordinal);
}
