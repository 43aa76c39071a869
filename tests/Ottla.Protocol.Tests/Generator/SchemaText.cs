using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Ottla.Protocol.Tests.Generator;

/// <summary>A schema file that exists in memory only.</summary>
internal sealed class SchemaText(string path, string text) : AdditionalText
{
    public override string Path => path;

    public string Text => text;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
}
