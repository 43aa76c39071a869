using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Ottla.Tests.Processes;

namespace Ottla.Architecture.Tests;

/// <summary>What must not stand in a source, and what must stand beside an exception to a rule.</summary>
public sealed partial class WordingTests
{
    private static readonly string[] TextFiles = ["*.cs", "*.csproj", "*.props", "*.md", "*.slnx", "*.json", "*.schema", "*.js", "*.mjs", "*.py", "*.go"];

    [Fact]
    public void Names_say_what_a_thing_is()
    {
        Rule.Holds("No type or folder is called Manager, Helper, Util, Common, Misc, Impl or Service.",
            SourceTree.Files.SelectMany(file => file.TopLevelTypes.Select(type => (file.Path, Name: SourceFile.NameOf(type))))
                .Where(found => EmptyName().IsMatch(found.Name))
                .Select(found => $"{found.Path}: {found.Name}")
                .Concat(SourceTree.Files.Where(file => Path.GetDirectoryName(file.Path)!.Split('/').Any(EmptyFolder().IsMatch)).Select(file => file.Path))); // every source lies in a folder
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        Rule.Holds("No unfinished work: no markers for later and no methods that only throw.",
            from file in SourceTree.Files
            where file.FileName != nameof(WordingTests)
            from found in file.Lines.Index()
            where Unfinished().IsMatch(found.Item)
            select $"{file.Path}:{found.Index + 1} {found.Item.Trim()}");
    }

    [Fact]
    public void A_null_forgiving_mark_has_its_reason()
    {
        Rule.Holds("`!` stands only with a comment on its line, or the line above its statement, that gives the invariant.",
            from file in SourceTree.Shipped // in a test, a null that must not be fails the test by itself
            from mark in file.All<PostfixUnaryExpressionSyntax>()
            where mark.IsKind(SyntaxKind.SuppressNullableWarningExpression)
            where !HasComment(file, mark) && !IsCallbackState(mark)
            select $"{file.At(mark)} {mark}");
    }

    [Fact]
    public void A_suppressed_warning_has_its_reason()
    {
        Rule.Holds("A pragma or a SuppressMessage says why on its line.",
            (from file in SourceTree.Files
             from found in file.Lines.Index()
             where found.Item.Contains("#pragma warning disable", StringComparison.Ordinal) && !found.Item.Contains("//", StringComparison.Ordinal)
             where file.FileName != nameof(WordingTests)
             select $"{file.Path}:{found.Index + 1}")
            .Concat(
                from file in SourceTree.Files
                from attribute in file.All<AttributeSyntax>()
                where attribute.Name.ToString().EndsWith("SuppressMessage", StringComparison.Ordinal)
                where !attribute.ToString().Contains("Justification", StringComparison.Ordinal)
                select file.At(attribute)));
    }

    [Fact]
    public void Shipped_projects_mute_no_warning_for_all_their_files()
    {
        Rule.Holds("No NoWarn list in src.",
            SourceTree.Projects.Where(path => path.StartsWith("src/", StringComparison.Ordinal) && SourceTree.Read(path).Contains("<NoWarn>", StringComparison.Ordinal)
                && !SourceTree.Read(path).Contains("<!--", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_file_knows_the_machine_it_was_written_on()
    {
        Rule.Holds("No path of one machine in a text file.",
            from path in TextFiles.SelectMany(pattern => SourceTree.Paths(".", pattern))
            where !path.EndsWith($"{nameof(WordingTests)}.cs", StringComparison.Ordinal)
            from found in File.ReadLines(RepositoryRoot.Combine(path)).Index()
            where MachinePath().IsMatch(found.Item)
            select $"{path}:{found.Index + 1} {found.Item.Trim()}");
    }

    [GeneratedRegex("(Manager|Helpers?|Utils?|Utility|Utilities|Common|Misc|Impl|Service)$")]
    private static partial Regex EmptyName();

    [GeneratedRegex("^(Managers?|Helpers?|Utils?|Utilities|Common|Misc|Services?|Shared)$")]
    private static partial Regex EmptyFolder();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"(?<![\w.:$}])/(work|root|home/\w+|Users/\w+|farm)/")]
    private static partial Regex MachinePath();

    /// <summary>A static callback gets the object that it was registered with: the cast beside the mark says which.</summary>
    private static bool IsCallbackState(PostfixUnaryExpressionSyntax mark) =>
        mark.Parent is CastExpressionSyntax && mark.Ancestors().OfType<LambdaExpressionSyntax>().FirstOrDefault() is { } lambda
        && lambda.Modifiers.Any(SyntaxKind.StaticKeyword) && mark.Operand is IdentifierNameSyntax;

    private static bool HasComment(SourceFile file, SyntaxNode mark)
    {
        int line = file.LineOf(mark);
        SyntaxNode statement = mark.AncestorsAndSelf().First(node => node is StatementSyntax or MemberDeclarationSyntax or CompilationUnitSyntax);
        int first = file.LineOf(statement);
        int last = statement.GetLocation().GetLineSpan().EndLinePosition.Line;
        return Enumerable.Range(Math.Max(0, first - 1), last - Math.Max(0, first - 1) + 1)
            .Any(index => (index >= line - 1 || index <= first) && file.Lines[index].Contains("//", StringComparison.Ordinal));
    }
}
