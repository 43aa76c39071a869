using System.Text.Json.Serialization;
using Ottla.Cli.Clusters;
using Ottla.Cli.Groups;
using Ottla.Cli.Topics;
using Ottla.Core.Configuration;

namespace Ottla.Cli.Output;

/// <summary>How results become JSON, generated at build time because the published file has no reflection for it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<TopicRow>))]
[JsonSerializable(typeof(TopicDetail))]
[JsonSerializable(typeof(IReadOnlyList<OffsetRow>))]
[JsonSerializable(typeof(IReadOnlyList<GroupRow>))]
[JsonSerializable(typeof(GroupDetail))]
[JsonSerializable(typeof(IReadOnlyList<ResetRow>))]
[JsonSerializable(typeof(ClusterDetail))]
[JsonSerializable(typeof(IReadOnlyList<KeyExplanation>))]
internal sealed partial class CliJson : JsonSerializerContext;
