using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Ottla.Protocol.Generator;

namespace Ottla.Protocol.Tests.Generator;

/// <summary>The generator as the compiler runs it.</summary>
public sealed class ProtocolGeneratorTests
{
    private static readonly SchemaText Request = new("Schemas/PingRequest.schema", "request 7 Ping versions 0-1 flexible 1+\n\nText string");
    private static readonly SchemaText Response = new("Schemas/PingResponse.schema", "response 7 Ping versions 0-1 flexible 1+\n\nText string");

    [Fact]
    public void Every_schema_becomes_a_class_and_all_of_them_two_catalogs()
    {
        GeneratorDriverRunResult result = Run(Request, Response).GetRunResult();

        Assert.Empty(result.Diagnostics);
        Assert.Equal(
            ["ApiCatalog.g.cs", "MessageCatalog.g.cs", "PingRequest.g.cs", "PingResponse.g.cs"],
            result.Results.Single().GeneratedSources.Select(source => source.HintName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_malformed_schema_is_an_error_with_file_and_line()
    {
        SchemaText broken = new("Schemas/PingRequest.schema", "request 7 Ping versions 0-1 flexible 1+\n\nText strin");

        Diagnostic diagnostic = Run(broken, Response).GetRunResult().Diagnostics.First(found => found.Id == "OTTLA001");

        Assert.Equal(("Schemas/PingRequest.schema", 2), (diagnostic.Location.GetLineSpan().Path, diagnostic.Location.GetLineSpan().StartLinePosition.Line));
    }

    [Fact]
    public void A_file_with_another_name_than_its_message_is_an_error()
    {
        SchemaText misnamed = new("Schemas/PongRequest.schema", Request.Text);

        Assert.Contains(Run(misnamed, Response).GetRunResult().Diagnostics, found => found.Id == "OTTLA001");
    }

    [Fact]
    public void A_request_and_a_response_with_other_versions_are_an_error()
    {
        SchemaText newer = new("Schemas/PingResponse.schema", "response 7 Ping versions 0-2 flexible 1+\n\nText string");

        Assert.Equal(2, Run(Request, newer).GetRunResult().Diagnostics.Count(found => found.Id == "OTTLA002"));
    }

    [Fact]
    public void An_edit_of_one_schema_leaves_the_classes_of_the_others_and_the_catalogs_alone()
    {
        GeneratorDriver driver = Run(Request, Response);
        SchemaText edited = new(Request.Path, Request.Text + "\nMore int32");

        GeneratorDriver after = driver
            .ReplaceAdditionalText(Request, edited)
            .RunGenerators(CSharpCompilation.Create("test"), TestContext.Current.CancellationToken);

        List<IncrementalStepRunReason> reasons = [.. after.GetRunResult().Results.Single().TrackedOutputSteps
            .SelectMany(step => step.Value).SelectMany(run => run.Outputs).Select(output => output.Reason)];
        Assert.Single(reasons, reason => reason is IncrementalStepRunReason.Modified or IncrementalStepRunReason.New);
        Assert.All(
            reasons.Where(reason => reason != IncrementalStepRunReason.Modified),
            reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
    }

    private static GeneratorDriver Run(params SchemaText[] files) =>
        CSharpGeneratorDriver.Create(
            [new ProtocolGenerator().AsSourceGenerator()],
            files,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true))
            .RunGenerators(CSharpCompilation.Create("test"), TestContext.Current.CancellationToken);
}
