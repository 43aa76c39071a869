using System.Globalization;
using System.Text.Json.Nodes;
using Ottla.Differential.Tests.Wire;
using Ottla.Protocol.Generator.Schema;

namespace Ottla.Differential.Tests.Generating;

/// <summary>Makes the body of a request by walking its schema, with what words.txt has for its fields and something of the type for the others.</summary>
internal sealed class RandomBody
{
    private const string UnknownTags = "_tags", NoId = "AAAAAAAAAAAAAAAAAAAAAA";
    private const string None = "none", Some = "some";

    private static readonly string[] NameFields = ["Name", "Topic", "TopicName"];

    private readonly Random _random;
    private readonly RandomBatch _batch;
    private readonly MessageSchema _schema;
    private readonly short _version;

    private RandomBody(Random random, RandomBatch batch, MessageSchema schema, short version)
    {
        _random = random;
        _batch = batch;
        _schema = schema;
        _version = version;
    }

    public static JsonObject Make(string api, short version, Random random, RandomBatch batch)
    {
        MessageSchema schema = MessageSchemas.Request(api);
        return new RandomBody(random, batch, schema, version).MakeStruct(schema.Root, api);
    }

    private JsonObject MakeStruct(StructSchema block, string path)
    {
        JsonObject values = [];
        foreach (FieldSchema field in block.Fields.Where(field => !field.IsTagged && field.Versions.Contains(_version)))
        {
            values[field.Name] = MakeField(field, $"{path}.{field.Name}", values);
        }

        Agree(values);
        if (_schema.Flexible.Contains(_version) && _random.Next(50) == 0)
        {
            values[UnknownTags] = new JsonObject { ["77"] = "hex:00FF" };
        }

        return values;
    }

    private JsonNode? MakeField(FieldSchema field, string path, JsonObject before)
    {
        bool mayBeNull = field.Nullable.Contains(_version);
        if (!field.IsArray)
        {
            return MakeElement(field, path, mayBeNull, before);
        }

        string? wanted = field.Kind == FieldKind.Struct && RandomWords.EntryFor(path) is { } entry ? RandomWords.Pick(entry, _random) : null;
        if (wanted == "null" || (wanted is null && mayBeNull && _random.Next(12) == 0))
        {
            return mayBeNull ? null : new JsonArray();
        }

        int count = wanted switch { None => 0, Some => 1, _ => _random.Next(20) switch { 0 => 0, > 15 => 2, _ => 1 } };
        JsonNode?[] items = [.. Enumerable.Range(0, count).Select(_ => MakeElement(field, path, mayBeNull: false, before))];
        return new JsonArray([.. items.DistinctBy(NameOf)]);
    }

    private JsonNode? MakeElement(FieldSchema field, string path, bool mayBeNull, JsonObject before)
    {
        if (field.Kind == FieldKind.Records)
        {
            return _batch.Make(before);
        }

        if (field.Kind == FieldKind.Struct)
        {
            return mayBeNull && _random.Next(2) == 0 ? null : MakeStruct(field.Struct ?? throw new FormatException(path), path);
        }

        string? word = RandomWords.EntryFor(path) is { } entry ? RandomWords.Pick(entry, _random) : Any(field);
        return word is null or "null" ? (mayBeNull ? null : JsonValue.Create(string.Empty)) : JsonValue.Create(word);
    }

    private string? Any(FieldSchema field) => field.Kind switch
    {
        FieldKind.String => OneOf("", "x", "odd name", null),
        FieldKind.Bytes => OneOf("", "x", "hex:00FF", null),
        FieldKind.Bool => OneOf("true", "false"),
        FieldKind.Uuid => NoId,
        _ => _random.Next(-1, 3).ToString(CultureInfo.InvariantCulture),
    };

    private string? OneOf(params string?[] values) => values[_random.Next(values.Length)];

    /// <summary>Kafka takes the last of two elements of one name for both, the first, or fails, as its tables come; no script relies on it.</summary>
    private static string? NameOf(JsonNode? item) => (item as JsonObject is { } members ? members.FirstOrDefault(member => member.Value is JsonValue).Value : item)?.ToJsonString();

    /// <summary>A topic's name and its id mostly go together; where the name may be null, one of the two is there.</summary>
    private void Agree(JsonObject values)
    {
        if (!values.ContainsKey("TopicId") || _random.Next(10) == 0 || Array.Find(NameFields, values.ContainsKey) is not { } name)
        {
            return;
        }

        values["TopicId"] = values[name]?.GetValue<string>() switch
        {
            null => values["TopicId"]?.DeepClone(),
            _ => NoId,
        };
    }
}
