using System.Text.Json.Nodes;

namespace Ottla.Differential.Tests.Scripting;

/// <summary>What the values of a script and of an answer are as text.</summary>
internal static class NodeText
{
    /// <summary>A value as text: true, false, a number or a string without quotes.</summary>
    public static string TextOrFail(this JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonValue value => value.ToJsonString(),
        _ => throw new FormatException($"'{node?.ToJsonString() ?? "null"}' is not a value"),
    };

    /// <summary>The same for people: null as well, and whole structures as JSON.</summary>
    public static string Text(this JsonNode? node) => node switch
    {
        null => "null",
        JsonValue => node.TextOrFail(),
        _ => node.ToJsonString(),
    };
}
