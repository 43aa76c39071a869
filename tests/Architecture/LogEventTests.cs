using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ottla.Architecture.Tests;

/// <summary>Log events are found by number: each is unique, in its project's range, and in a class for its area.</summary>
public sealed class LogEventTests
{
    private static readonly Dictionary<string, int> FirstEventId = new()
    {
        ["Ottla.Transport"] = 1000,
        ["Ottla.Storage"] = 2000,
        ["Ottla.Replication"] = 3000,
        ["Ottla.Coordination"] = 4000,
        ["Ottla.Broker"] = 5000,
        ["Ottla.Http"] = 6000,
        ["Ottla.Client"] = 7000,
        ["Ottla.Cli"] = 8000,
    };

    private static IReadOnlyList<(SourceFile File, MethodDeclarationSyntax Method, int? EventId)> Events =>
        [.. from file in SourceTree.Shipped
            from method in file.All<MethodDeclarationSyntax>()
            from attribute in method.AttributeLists.SelectMany(list => list.Attributes)
            where attribute.Name.ToString() == "LoggerMessage"
            select (file, method, EventIdOf(attribute))];

    [Fact]
    public void Event_ids_are_unique()
    {
        Rule.Holds("An event id is used once, and never again for another event.",
            from log in Events
            group log by log.EventId into same
            where same.Count() > 1 || same.Key is null
            from log in same
            select $"{log.File.At(log.Method)} {same.Key?.ToString() ?? "has no id"}");
    }

    [Fact]
    public void Event_ids_lie_in_the_range_of_their_project()
    {
        Rule.Holds("Each project has a thousand event ids of its own.",
            from log in Events
            let project = ProjectArrowsTests.ProjectOf(log.File)
            where !FirstEventId.TryGetValue(project, out int first) || log.EventId < first || log.EventId >= first + 1000
            select $"{log.File.At(log.Method)} {log.EventId}");
    }

    [Fact]
    public void Log_methods_stand_in_the_log_class_of_their_area()
    {
        Rule.Holds("[LoggerMessage] methods stand in a partial class …Log.",
            from log in Events
            where log.Method.Parent is not ClassDeclarationSyntax type || !type.Identifier.Text.EndsWith("Log", StringComparison.Ordinal)
            select log.File.At(log.Method));
    }

    [Fact]
    public void Core_logs_nothing()
    {
        Rule.Holds("Core decides, its host logs.",
            Events.Where(log => log.File.Path.StartsWith("src/Core/", StringComparison.Ordinal) || log.File.Path.StartsWith("src/Wire/", StringComparison.Ordinal))
                .Select(log => log.File.At(log.Method)));
    }

    private static int? EventIdOf(AttributeSyntax attribute)
    {
        AttributeArgumentSyntax? argument = attribute.ArgumentList?.Arguments.FirstOrDefault(candidate => candidate.NameEquals?.Name.Identifier.Text == "EventId")
            ?? attribute.ArgumentList?.Arguments.FirstOrDefault(candidate => candidate.NameEquals is null && candidate.Expression is LiteralExpressionSyntax { Token.Value: int });
        return argument?.Expression is LiteralExpressionSyntax { Token.Value: int id } ? id : null;
    }
}
