using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ottla.Differential.Tests.Scripting;

/// <summary>
/// A place in an answer: <c>Topics[0].Partitions.ErrorCode</c>. A name without an index means all elements, <c>length</c> how many there are.
/// </summary>
internal static partial class NodePath
{
    /// <summary>The values at the path; none where the version has no such field.</summary>
    public static IEnumerable<JsonNode?> Find(JsonNode? root, string path)
    {
        IEnumerable<JsonNode?> found = [root];
        foreach (Match part in Part().Matches(path))
        {
            found = part.Groups["index"] is { Success: true, Value: var index }
                ? found.OfType<JsonArray>().Where(array => array.Count > Index(index)).Select(array => array[Index(index)])
                : found.SelectMany(node => Member(node, part.Value));
            found = [.. found];
        }

        return found;
    }

    /// <summary>Puts <paramref name="value"/> in the place of whatever stands at the path.</summary>
    public static void Replace(JsonNode root, string path, string value)
    {
        int dot = path.LastIndexOf('.');
        IEnumerable<JsonNode?> owners = dot < 0 ? [root] : Find(root, path[..dot]);
        foreach (JsonObject owner in owners.SelectMany(node => node is JsonArray array ? [.. array] : (JsonNode?[])[node]).OfType<JsonObject>())
        {
            if (owner.ContainsKey(path[(dot + 1)..]))
            {
                owner[path[(dot + 1)..]] = value;
            }
        }
    }

    private static IEnumerable<JsonNode?> Member(JsonNode? node, string name) => node switch
    {
        JsonArray array when name == "length" => [JsonValue.Create((long)array.Count)],
        JsonArray array => array.SelectMany(item => Member(item, name)),
        JsonObject members when members.TryGetPropertyValue(name, out JsonNode? value) => [value],
        _ => [],
    };

    private static int Index(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\[(?<index>\d+)\]|[A-Za-z]+")]
    private static partial Regex Part();
}
