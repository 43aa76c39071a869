using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ottla.Architecture.Tests;

/// <summary>How tests are named, and that they wait for what happens rather than for time.</summary>
public sealed partial class TestHabitsTests
{
    [Fact]
    public void No_test_sleeps()
    {
        Rule.Holds("A test waits for an event or turns a fake clock; it never sleeps.",
            from file in SourceTree.Tests
            from call in file.All<InvocationExpressionSyntax>()
            where call.Expression.ToString() is "Thread.Sleep" || (call.Expression.ToString() is "Task.Delay" && !WaitsForever(call))
            select file.At(call));
    }

    [Fact]
    public void A_test_is_named_by_a_sentence()
    {
        Rule.Holds("A test's name is a sentence: Heartbeat_from_a_fenced_member_is_rejected.",
            from file in SourceTree.Tests
            from method in TestMethods(file)
            where !Sentence().IsMatch(method.Identifier.Text)
            select $"{file.At(method)} {method.Identifier.Text}");
    }

    [Fact]
    public void Tests_stand_in_classes_called_Tests()
    {
        Rule.Holds("A class with tests is called <Type>Tests.",
            from file in SourceTree.Tests
            from method in TestMethods(file)
            where method.Parent is ClassDeclarationSyntax type && !type.Identifier.Text.EndsWith("Tests", StringComparison.Ordinal)
            select file.At(method));
    }

    [Fact]
    public void Every_test_can_fail()
    {
        Rule.Holds("A test asserts something, itself or through a method of its project.",
            from file in SourceTree.Tests
            from method in TestMethods(file)
            let body = method.Body?.ToString() ?? method.ExpressionBody?.ToString() ?? string.Empty
            where !Assertion().IsMatch(body)
            select $"{file.At(method)} {method.Identifier.Text}");
    }

    [Fact]
    public void The_tests_that_docs_name_exist()
    {
        HashSet<string> tests = [.. SourceTree.Tests.SelectMany(TestMethods).Select(method => method.Identifier.Text)];
        string[] named = [.. TestName().Matches(SourceTree.Read("docs/traps.md")).Select(match => match.Groups[1].Value)];
        Rule.LooksAt(named);
        Rule.Holds("docs/traps.md names tests that exist.", named.Where(name => !tests.Contains(name)));
    }

    [Fact]
    public void No_test_is_switched_off()
    {
        Rule.Holds("A skipped test says at run time what is missing; none is skipped in its attribute.",
            from file in SourceTree.Tests
            from method in TestMethods(file)
            from attribute in method.AttributeLists.SelectMany(list => list.Attributes)
            where attribute.ArgumentList?.Arguments.Any(argument => argument.NameEquals?.Name.Identifier.Text is "Skip") == true
            select file.At(method));
    }

    [GeneratedRegex(@"`([A-Za-z0-9]+(?:_[A-Za-z0-9]+)+)`")]
    private static partial Regex TestName();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+$")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\bAssert\b|Sample|Expect|Check|Verify|Holds|Throws|Must|Should|Assert\w+|Require")]
    private static partial Regex Assertion();

    private static bool WaitsForever(InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments.FirstOrDefault()?.ToString() is "Timeout.Infinite" or "Timeout.InfiniteTimeSpan" or "-1";

    private static IEnumerable<MethodDeclarationSyntax> TestMethods(SourceFile file) => file.All<MethodDeclarationSyntax>()
        .Where(method => method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory"));
}
