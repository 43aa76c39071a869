using System.Text.Json.Nodes;
using Ottla.Differential.Tests.Scripting;

namespace Ottla.Differential.Tests.Generating;

/// <summary>Writes a body in the notation of scripts.</summary>
internal static class ScriptText
{
    public static string Of(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject members => $"{{{string.Join(", ", members.Select(member => $"{member.Key}: {Of(member.Value)}"))}}}",
        JsonArray items => $"[{string.Join(", ", items.Select(Of))}]",
        _ => Word(node.TextOrFail()),
    };

    private static string Word(string text) =>
        text.Length > 0 && text != "null" && text.All(sign => char.IsAsciiLetterOrDigit(sign) || "%$-+._:".Contains(sign, StringComparison.Ordinal))
            ? text
            : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
