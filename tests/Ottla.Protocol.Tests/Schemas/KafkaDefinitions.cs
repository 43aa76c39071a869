using System.Text.Json;

namespace Ottla.Protocol.Tests.Schemas;

/// <summary>Kafka's own message definitions, where they lie beside the source tree.</summary>
internal static class KafkaDefinitions
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static string Root => Path.GetFullPath(Path.Combine(SchemaFiles.RepositoryRoot, "..", "shared", "kafka-protocol"));

    public static bool AreHere => Directory.Exists(Root);

    /// <summary>The definitions in one of the folders <c>rpc</c> (4.4), <c>rpc-3.9</c> and <c>records</c> (4.4).</summary>
    public static IEnumerable<KafkaMessage> In(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.json").Order(StringComparer.Ordinal))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            yield return new KafkaMessage(document.RootElement.Clone());
        }
    }
}
