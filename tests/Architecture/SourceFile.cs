using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ottla.Architecture.Tests;

/// <summary>One C# file of the tree, parsed.</summary>
internal sealed class SourceFile
{
    public SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        Lines = text.Split('\n');
        Root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.Parse), path).GetRoot();
    }

    /// <summary>The path from the repository root, with forward slashes.</summary>
    public string Path { get; }

    public string Text { get; }

    public string[] Lines { get; }

    public CompilationUnitSyntax Root { get; }

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    public string FileName => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The types at the top of the file, whatever their kind.</summary>
    public IEnumerable<MemberDeclarationSyntax> TopLevelTypes => Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<MemberDeclarationSyntax>()
        .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    public IEnumerable<T> All<T>()
        where T : SyntaxNode => Root.DescendantNodes().OfType<T>();

    /// <summary>"path:line", as editors open it.</summary>
    public string At(SyntaxNode node) => $"{Path}:{LineOf(node) + 1}";

    public int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line;

    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declared => declared.Identifier.Text,
        DelegateDeclarationSyntax declared => declared.Identifier.Text,
        _ => string.Empty,
    };
}
