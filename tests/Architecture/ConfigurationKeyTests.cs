using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ottla.Architecture.Tests;

/// <summary>A key that works is read by somebody. What only accepts or refuses keys is not asked.</summary>
public sealed class ConfigurationKeyTests
{
    private const string Folder = "src/Core/Ottla.Core/Configuration/";

    private static IReadOnlyList<(SourceFile File, string Name)> Keys =>
        [.. from file in SourceTree.Shipped
            where file.Path.StartsWith(Folder, StringComparison.Ordinal) && file.FileName.EndsWith("Keys", StringComparison.Ordinal)
            from property in file.All<PropertyDeclarationSyntax>()
            where property.Type.ToString().StartsWith("TypedKey<", StringComparison.Ordinal)
            select (file, property.Identifier.Text)];

    [Fact]
    public void Every_key_that_works_has_a_reader()
    {
        HashSet<string> read =
        [
            .. from file in SourceTree.Shipped
               from access in file.All<MemberAccessExpressionSyntax>()
               where access.Expression is IdentifierNameSyntax
               select access.ToString(),
        ];
        Rule.LooksAt(Keys);
        Rule.Holds("A configuration key is read where its effect is: a key without a reader is accepted, not working.",
            Keys.Where(key => !read.Contains($"{key.File.FileName}.{key.Name}")).Select(key => $"{key.File.Path} {key.Name}"));
    }
}
