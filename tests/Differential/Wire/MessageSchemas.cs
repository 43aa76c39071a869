using Ottla.Protocol;
using Ottla.Protocol.Generator.Schema;
using Ottla.Tests.Processes;

namespace Ottla.Differential.Tests.Wire;

/// <summary>The schemas of requests and responses by API, read from their files.</summary>
internal static class MessageSchemas
{
    private static readonly Dictionary<string, MessageSchema> Requests = Load("Requests");
    private static readonly Dictionary<string, MessageSchema> Responses = Load("Responses");

    /// <summary>All APIs that have a schema.</summary>
    public static IReadOnlyCollection<string> Apis => Requests.Keys;

    public static bool Has(string api) => Requests.ContainsKey(api);

    public static MessageSchema Request(string api) => Requests[api];

    public static MessageSchema Response(string api) => Responses[api];

    public static ApiKey KeyOf(string api) => (ApiKey)Requests[api].Key;

    public static string NameOf(ApiKey key) => Requests.Values.First(schema => schema.Key == (int)key).Name;

    /// <summary>The nearest version that the schema describes: a request in an unknown version looks like the newest.</summary>
    public static short Describable(MessageSchema schema, short version) => (short)Math.Clamp(version, schema.Versions.Low, schema.Versions.High);

    private static Dictionary<string, MessageSchema> Load(string folder)
    {
        Dictionary<string, MessageSchema> schemas = new(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(RepositoryRoot.Combine("src", "Wire", "Ottla.Protocol", "Schemas", folder), "*.schema", SearchOption.AllDirectories))
        {
            MessageSchema schema = SchemaParser.Parse(File.ReadAllText(file), out IReadOnlyList<SchemaError> errors);
            Assert.Empty(errors);
            schemas.Add(schema.Name, schema);
        }

        return schemas;
    }
}
