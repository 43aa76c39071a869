using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ottla.Architecture.Tests;

/// <summary>Instruments are made in one class per project and named in lower case with dots.</summary>
public sealed partial class MetricNamesTests
{
    private static IReadOnlyList<(SourceFile File, InvocationExpressionSyntax Call)> Instruments =>
        [.. from file in SourceTree.Shipped
            from call in file.All<InvocationExpressionSyntax>()
            where call.Expression is MemberAccessExpressionSyntax access && Creation().IsMatch(access.Name.Identifier.Text)
            select (file, call)];

    [Fact]
    public void Instruments_are_made_in_a_metrics_class()
    {
        Rule.Holds("Instruments are made in a class …Metrics.",
            Instruments.Where(found => !found.File.FileName.EndsWith("Metrics", StringComparison.Ordinal)).Select(found => found.File.At(found.Call)));
    }

    [Fact]
    public void Instrument_names_are_lower_case_with_dots()
    {
        Rule.Holds("An instrument is called ottla.area.what.",
            from found in Instruments
            let name = (found.Call.ArgumentList.Arguments.FirstOrDefault()?.Expression as LiteralExpressionSyntax)?.Token.ValueText
            where name is not null && !Dotted().IsMatch(name)
            select $"{found.File.At(found.Call)} {name}");
    }

    [GeneratedRegex("^Create(Observable)?(Counter|UpDownCounter|Gauge|Histogram)$")]
    private static partial Regex Creation();

    [GeneratedRegex(@"^ottla(\.[a-z][a-z0-9_]*)+$")]
    private static partial Regex Dotted();
}
