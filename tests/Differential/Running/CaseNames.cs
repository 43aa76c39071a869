using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ottla.Differential.Tests.Scripting;

namespace Ottla.Differential.Tests.Running;

/// <summary>
/// Puts names and remembered values into a body: <c>%t</c> is a name that no other case and no other round has, <c>$id</c> what an answer
/// was remembered by.
/// </summary>
internal sealed partial class CaseNames(string suffix)
{
    private readonly Dictionary<string, string> _kept = new(StringComparer.Ordinal);

    public void Keep(string name, string value) => _kept[name] = value;

    public JsonObject Fill(JsonObject body) => (JsonObject)(Fill((JsonNode)body) ?? throw new InvalidOperationException("A body is not null"));

    public string Fill(string text) => Kept().Replace(Own().Replace(text, $"$1-{suffix}"), match => _kept[match.Groups[1].Value]);

    private JsonNode? Fill(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(Fill(member.Key), Fill(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Fill)]),
        null => null,
        _ => JsonValue.Create(Fill(node.TextOrFail())),
    };

    [GeneratedRegex("%([a-z]+)")]
    private static partial Regex Own();

    [GeneratedRegex(@"\$([a-z]+)")]
    private static partial Regex Kept();
}
