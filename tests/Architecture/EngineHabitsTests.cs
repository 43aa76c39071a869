using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ottla.Architecture.Tests;

/// <summary>Where raw files, sockets, threads and waiting may stand.</summary>
public sealed class EngineHabitsTests
{
    private static readonly string[] FileTypes = ["File", "FileStream", "RandomAccess", "Directory", "FileInfo", "DirectoryInfo"];
    private static readonly string[] SocketTypes = ["Socket", "TcpClient", "TcpListener", "NetworkStream"];

    private static IEnumerable<SourceFile> EngineAndServer => SourceTree.Shipped
        .Where(file => file.Path.StartsWith("src/Engine/", StringComparison.Ordinal) || file.Path.StartsWith("src/Server/", StringComparison.Ordinal));

    [Fact]
    public void Raw_files_are_used_only_by_the_file_system_of_storage()
    {
        Rule.Holds("Raw file APIs stand only in Ottla.Storage/Files.",
            from file in EngineAndServer
            where !file.Path.StartsWith("src/Engine/Ottla.Storage/Files/", StringComparison.Ordinal)
            from use in Uses(file, FileTypes)
            select use);
    }

    [Fact]
    public void Raw_sockets_are_used_only_by_the_sockets_of_transport()
    {
        Rule.Holds("Raw sockets stand only in Ottla.Transport/Sockets.",
            from file in SourceTree.Shipped
            where !file.Path.StartsWith("src/Engine/Ottla.Transport/Sockets/", StringComparison.Ordinal)
            where file.All<UsingDirectiveSyntax>().Any(directive => directive.NamespaceOrType.ToString() == "System.Net.Sockets")
            from use in Uses(file, SocketTypes)
            select use);
    }

    [Fact]
    public void No_task_is_started_and_forgotten()
    {
        Rule.Holds("The task of Task.Run or StartNew is kept and awaited by whoever stops the object.",
            from file in SourceTree.Shipped
            from call in file.All<InvocationExpressionSyntax>()
            where call.Expression.ToString() is "Task.Run" or "Task.Factory.StartNew"
            where call.Parent is ExpressionStatementSyntax || (call.Parent is AssignmentExpressionSyntax assignment && assignment.Left.ToString() == "_")
            select file.At(call));
    }

    [Fact]
    public void Nothing_waits_for_a_task_by_blocking()
    {
        Rule.Holds("No sync over async.",
            from file in SourceTree.Files
            from access in file.All<MemberAccessExpressionSyntax>()
            where access.ToString().EndsWith(".GetAwaiter().GetResult", StringComparison.Ordinal)
            where !IsInMain(access)
            select file.At(access));
    }

    [Fact]
    public void No_method_is_async_void()
    {
        Rule.Holds("async void loses its exceptions.",
            from file in SourceTree.Files
            from method in file.All<MethodDeclarationSyntax>()
            where method.Modifiers.Any(SyntaxKind.AsyncKeyword) && method.ReturnType.ToString() == "void"
            select file.At(method));
    }

    [Fact]
    public void A_lock_is_the_lock_type()
    {
        Rule.Holds("A lock object is a System.Threading.Lock.",
            from file in SourceTree.Shipped
            from field in file.All<FieldDeclarationSyntax>()
            where field.Declaration.Type.ToString() == "object" && field.Declaration.Variables.Any(v => v.Identifier.Text.Contains("lock", StringComparison.OrdinalIgnoreCase))
            select file.At(field));
    }

    [Fact]
    public void Only_the_client_library_avoids_the_callers_context()
    {
        Rule.Holds("ConfigureAwait(false) stands only in Ottla.Client and in Ottla.Transport, on which it runs.",
            from file in SourceTree.Files
            where !file.Path.StartsWith("src/Clients/", StringComparison.Ordinal)
            where !file.Path.StartsWith("src/Engine/Ottla.Transport/", StringComparison.Ordinal)
            from access in file.All<MemberAccessExpressionSyntax>()
            where access.Name.Identifier.Text == "ConfigureAwait"
            where access.Parent is InvocationExpressionSyntax call && call.ArgumentList.ToString() == "(false)"
            select file.At(access));
    }

    private static bool IsInMain(MemberAccessExpressionSyntax access) =>
        access.Ancestors().OfType<MethodDeclarationSyntax>().Any(method => method.Identifier.Text == "Main");

    /// <summary>A log has a property called Directory; what is asked of it is no member of System.IO's type.</summary>
    private static bool IsOwnProperty(MemberAccessExpressionSyntax access) =>
        access.Expression.ToString() == "Directory" && typeof(Directory).GetMethods().All(method => method.Name != access.Name.Identifier.Text);

    private static IEnumerable<string> Uses(SourceFile file, string[] types) =>
        file.All<MemberAccessExpressionSyntax>().Where(access => types.Contains(access.Expression.ToString()) && !IsOwnProperty(access)).Select(file.At)
            .Concat(file.All<ObjectCreationExpressionSyntax>().Where(creation => types.Contains(creation.Type.ToString())).Select(file.At));
}
