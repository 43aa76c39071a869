using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Ottla.Protocol.Generator.Emission;
using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Tests.Generator;

/// <summary>Compiles the class of a schema that no message of Kafka has, and loads it.</summary>
internal static class SchemaCompiler
{
    private static readonly string[] Usings = ["System", "System.Collections.Generic"];

    public static Type Compile(MessageSchema message)
    {
        string usings = string.Concat(Usings.Select(name => $"global using {name};\n"));
        CSharpCompilation compilation = CSharpCompilation.Create(
            // The internals of Ottla.Protocol, which generated code uses, are visible to an assembly of this name.
            "Ottla.Protocol.Tests",
            [CSharpSyntaxTree.ParseText(MessageEmitter.Emit(message, FieldGlossary.Empty)), CSharpSyntaxTree.ParseText(usings)],
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using MemoryStream image = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        image.Position = 0;
        AssemblyLoadContext context = new("generated", isCollectible: true);
        Assembly assembly = context.LoadFromStream(image);
        return assembly.GetType($"{message.Namespace}.{message.ClassName}", throwOnError: true).OrFail();
    }

    private static List<MetadataReference> References()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location).OrFail();
        return
        [
            .. Directory.EnumerateFiles(runtime, "System*.dll")
                .Where(path => !path.EndsWith(".Native.dll", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)),
            MetadataReference.CreateFromFile(typeof(IMessage).Assembly.Location),
        ];
    }
}
