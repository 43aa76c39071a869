using System.Text.Json;
using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Tests.Schemas;

/// <summary>One of Kafka's definitions, flattened for comparison.</summary>
internal sealed class KafkaMessage(JsonElement root)
{
    public string Name => root.GetProperty("name").GetString().OrFail();

    public string Type => root.GetProperty("type").GetString().OrFail();

    public int Key => root.TryGetProperty("apiKey", out JsonElement key) ? key.GetInt32() : -1;

    public VersionSpan Versions => Span(root, "validVersions");

    public VersionSpan Flexible => Span(root, "flexibleVersions");

    public string[] Listeners => root.TryGetProperty("listeners", out JsonElement listeners)
        ? [.. listeners.EnumerateArray().Select(listener => listener.GetString().OrFail())]
        : [];

    public bool IsNewestUnstable => root.TryGetProperty("latestVersionUnstable", out JsonElement unstable) && unstable.GetBoolean();

    /// <summary>One line for every field that <paramref name="version"/> carries, in the order of the wire.</summary>
    public IEnumerable<string> FieldsOf(int version, bool withIgnorable)
    {
        Dictionary<string, JsonElement> structs = [];
        if (root.TryGetProperty("commonStructs", out JsonElement common))
        {
            foreach (JsonElement block in common.EnumerateArray())
            {
                structs[block.GetProperty("name").GetString().OrFail()] = block;
            }
        }

        return root.TryGetProperty("fields", out JsonElement fields) ? Flatten(fields, structs, version, withIgnorable, "") : [];
    }

    private static IEnumerable<string> Flatten(
        JsonElement fields, Dictionary<string, JsonElement> structs, int version, bool withIgnorable, string path)
    {
        foreach (JsonElement field in fields.EnumerateArray())
        {
            VersionSpan tagged = Span(field, "taggedVersions");
            VersionSpan versions = field.TryGetProperty("versions", out _) ? Span(field, "versions") : tagged;
            if (!versions.Contains(version))
            {
                continue;
            }

            string name = field.GetProperty("name").GetString().OrFail();
            string type = field.GetProperty("type").GetString().OrFail();
            string here = $"{path}.{char.ToUpperInvariant(name[0])}{name[1..]}";
            bool isArray = type.StartsWith("[]", StringComparison.Ordinal);
            string element = isArray ? type[2..] : type;
            bool isStruct = char.IsUpper(element[0]);
            yield return FieldLine.Describe(
                here,
                isArray,
                isStruct ? "struct" : element,
                Span(field, "nullableVersions").Contains(version),
                tagged.Contains(version) ? field.GetProperty("tag").GetInt32() : -1,
                DefaultOf(field, element, isArray),
                withIgnorable && IsTrue(field, "ignorable"));
            if (isStruct)
            {
                JsonElement inner = field.TryGetProperty("fields", out JsonElement own) ? own : structs[element].GetProperty("fields");
                foreach (string line in Flatten(inner, structs, version, withIgnorable, here))
                {
                    yield return line;
                }
            }
        }
    }

    private static string DefaultOf(JsonElement field, string element, bool isArray)
    {
        // A default of null without quotes is none: Kafka's generator then takes the type's own default, an empty list or struct.
        if (!field.TryGetProperty("default", out JsonElement given) || given.ValueKind == JsonValueKind.Null)
        {
            return FieldLine.PlainDefault(element, isArray);
        }

        string text = given.ToString();
        return text.StartsWith("0x", StringComparison.Ordinal)
            ? Convert.ToInt64(text, 16).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : element == "bool" ? text.ToLowerInvariant() : text;
    }

    private static bool IsTrue(JsonElement field, string property) =>
        field.TryGetProperty(property, out JsonElement value) && value.ToString().Equals("true", StringComparison.OrdinalIgnoreCase);

    private static VersionSpan Span(JsonElement element, string property) =>
        element.TryGetProperty(property, out JsonElement text) && VersionSpan.TryParse(text.GetString().OrFail(), out VersionSpan span)
            ? span
            : VersionSpan.None;
}
