using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Ottla.Protocol.Generator.Emission;
using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Generator;

/// <summary>
/// Turns every <c>*.schema</c> file of the project into a message class, and all of them into <c>ApiCatalog</c> and
/// <c>MessageCatalog</c>. The steps pass strings and records on, so that an edit of one schema regenerates one class.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProtocolGenerator : IIncrementalGenerator
{
    private const string Extension = ".schema";
    private const string GlossaryExtension = ".glossary";

    private static readonly DiagnosticDescriptor Malformed = new(
        "OTTLA001", "Malformed schema", "{0}", "Schemas", DiagnosticSeverity.Error, isEnabledByDefault: true);

    private static readonly DiagnosticDescriptor Disagreement = new(
        "OTTLA002", "Request and response disagree", "{0}", "Schemas", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<FieldGlossary> glossary = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(GlossaryExtension, StringComparison.Ordinal))
            .Select(static (file, cancellation) => file.GetText(cancellation)?.ToString() ?? "")
            .Collect()
            .Select(static (texts, _) => new FieldGlossary(string.Join("\n", texts)));

        IncrementalValuesProvider<GeneratedMessage> messages = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(Extension, StringComparison.Ordinal))
            .Combine(glossary)
            .Select(static (pair, cancellation) => Generate(pair.Left.Path, pair.Left.GetText(cancellation)?.ToString() ?? "", pair.Right));

        context.RegisterSourceOutput(messages, static (output, message) =>
        {
            if (message.Error is { } error)
            {
                LinePosition at = new(error.Line, 0);
                Location location = Location.Create(message.Path, default, new LinePositionSpan(at, at));
                output.ReportDiagnostic(Diagnostic.Create(Malformed, location, error.Message));
                return;
            }

            output.AddSource(message.Summary.ClassName + ".g.cs", SourceText.From(message.Source, Encoding.UTF8));
        });

        IncrementalValueProvider<System.Collections.Immutable.ImmutableArray<MessageSummary>> summaries = messages
            .Where(static message => message.Error is null)
            .Select(static (message, _) => message.Summary)
            .Collect();

        context.RegisterSourceOutput(summaries, static (output, all) =>
        {
            CatalogEmitter catalog = new(all);
            foreach (string error in catalog.FindDisagreements())
            {
                output.ReportDiagnostic(Diagnostic.Create(Disagreement, Location.None, error));
            }

            output.AddSource("ApiCatalog.g.cs", SourceText.From(catalog.EmitApis(), Encoding.UTF8));
            output.AddSource("MessageCatalog.g.cs", SourceText.From(catalog.EmitMessages(), Encoding.UTF8));
        });
    }

    private static GeneratedMessage Generate(string path, string text, FieldGlossary glossary)
    {
        MessageSchema message = SchemaParser.Parse(text, out IReadOnlyList<SchemaError> errors);
        if (errors.Count == 0 && Path.GetFileNameWithoutExtension(path) != message.ClassName)
        {
            errors = new[] { new SchemaError(0, $"A file with the message {message.ClassName} is named {message.ClassName}{Extension}.") };
        }

        return errors.Count > 0
            ? new GeneratedMessage(path, default, "", errors[0])
            : new GeneratedMessage(path, MessageSummary.Of(message), MessageEmitter.Emit(message, glossary), null);
    }

    /// <summary>What one schema file became.</summary>
    private readonly record struct GeneratedMessage(string Path, MessageSummary Summary, string Source, SchemaError? Error);
}
