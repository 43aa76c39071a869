using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ottla.Architecture.Tests;

/// <summary>Things are found by name: one type per file, the file named after it, the namespace after its folder.</summary>
public sealed class FileShapeTests
{
    private const int MaximumFileLines = 800;
    private const int MaximumTestFileLines = 1_200;
    private const int MaximumMethodLines = 70;
    private const int MaximumParameters = 6;

    [Fact]
    public void A_file_holds_one_type_and_is_named_after_it()
    {
        Rule.LooksAt(SourceTree.Files);
        Rule.Holds("One top-level type per file, the file named after it (a partial type's aspect follows a dot).",
            from file in SourceTree.Files
            where file.Root.Members.Count > 0 && !file.Root.Members.All(member => member is GlobalStatementSyntax)
            let names = file.TopLevelTypes.Select(SourceFile.NameOf).Distinct().ToArray()
            where !(names is [var name] && (file.FileName == name || file.FileName.StartsWith(name + ".", StringComparison.Ordinal)))
            select $"{file.Path} holds {(names.Length == 0 ? "no type" : string.Join(", ", names))}");
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        Rule.Holds("The namespace is the project's name and its folders.",
            from file in SourceTree.Files
            from declared in file.All<BaseNamespaceDeclarationSyntax>()
            where file.FileName != "IsExternalInit" // the compiler looks for it in a namespace of its own
            let expected = ExpectedNamespace(file)
            let actual = declared.Name.ToString()
            where actual != expected && !MaySortByFolder(expected, actual)
            select $"{file.At(declared)} is in {actual}, not in {expected}");
    }

    [Fact]
    public void Files_end_before_the_hard_stop()
    {
        Rule.Holds($"A file has at most {MaximumFileLines} lines ({MaximumTestFileLines} in tests); 400 is the aim.",
            from file in SourceTree.Files
            where file.Lines.Length > (file.IsTest ? MaximumTestFileLines : MaximumFileLines)
            select $"{file.Path} has {file.Lines.Length}");
    }

    [Fact]
    public void Methods_end_before_the_hard_stop()
    {
        Rule.Holds($"A method has at most {MaximumMethodLines} lines; 40 is the aim.",
            from file in SourceTree.Files
            from node in file.Root.DescendantNodes()
            where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
            let span = node.GetLocation().GetLineSpan()
            let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
            where lines > MaximumMethodLines && !IsOneTable(node)
            select $"{file.At(node)} has {lines}");
    }

    [Fact]
    public void Methods_take_few_parameters()
    {
        Rule.Holds($"At most {MaximumParameters} parameters and a CancellationToken; a record carries more.",
            from file in SourceTree.Shipped
            from node in file.Root.DescendantNodes()
            let parameters = node switch
            {
                BaseMethodDeclarationSyntax method when !IsBoundByOthers(method) =>
                    method.ParameterList.Parameters.Count(parameter => parameter.Type?.ToString() != "CancellationToken"),
                ClassDeclarationSyntax { ParameterList: { } list } => list.Parameters.Count,
                _ => 0,
            }
            where parameters > MaximumParameters
            select $"{file.At(node)} takes {parameters}");
    }

    [Fact]
    public void Classes_are_sealed_abstract_or_static()
    {
        HashSet<string> bases = [.. SourceTree.Files.SelectMany(file => file.All<SimpleBaseTypeSyntax>()).Select(type => type.Type.ToString().Split('<')[0])];
        Rule.Holds("A class that nobody derives from is sealed.",
            from file in SourceTree.Files
            from type in file.All<ClassDeclarationSyntax>()
            where !type.Modifiers.Any(modifier => modifier.IsKind(SyntaxKind.SealedKeyword) || modifier.IsKind(SyntaxKind.AbstractKeyword) || modifier.IsKind(SyntaxKind.StaticKeyword))
            where !type.Modifiers.Any(SyntaxKind.PartialKeyword) && !bases.Contains(type.Identifier.Text)
            select $"{file.At(type)} {type.Identifier.Text}");
    }

    /// <summary>Log methods and native functions take what the event or the C library has.</summary>
    private static bool IsBoundByOthers(BaseMethodDeclarationSyntax method) =>
        method.Modifiers.Any(SyntaxKind.ExternKeyword)
        || method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "LoggerMessage" or "LibraryImport");

    private static string ExpectedNamespace(SourceFile file)
    {
        string[] parts = file.Path.Split('/');
        string projectFile = SourceTree.Projects
            .Where(path => file.Path.StartsWith(Path.GetDirectoryName(path) + "/", StringComparison.Ordinal))
            .OrderByDescending(path => path.Count(c => c == '/'))
            .First();
        int first = projectFile.Count(c => c == '/');
        string project = Path.GetFileNameWithoutExtension(projectFile);
        return string.Join('.', [project, .. parts[first..^1]]);
    }

    /// <summary>A method that is one switch expression or one collection is a table, as long as what it lists.</summary>
    private static bool IsOneTable(SyntaxNode node) => node is MethodDeclarationSyntax
    {
        ExpressionBody.Expression: SwitchExpressionSyntax or CollectionExpressionSyntax,
    };

    /// <summary>In the wire projects, and for the contract of Core's machines, a folder may only sort the files of one namespace.</summary>
    private static bool MaySortByFolder(string expected, string actual) =>
        (expected.StartsWith("Ottla.Protocol", StringComparison.Ordinal)
            || expected.StartsWith("Ottla.Records", StringComparison.Ordinal)
            || expected == "Ottla.Core.Machines")
        && expected.StartsWith(actual + ".", StringComparison.Ordinal);
}
