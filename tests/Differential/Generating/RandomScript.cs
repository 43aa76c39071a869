using System.Globalization;
using System.Text.Json.Nodes;
using Ottla.Protocol;

namespace Ottla.Differential.Tests.Generating;

/// <summary>
/// A course of requests made by chance, in the notation of Scripts/, so that what it finds can be moved there. The same seed makes the same
/// script as long as both brokers serve the same versions.
/// </summary>
/// <param name="Setup">What every script begins with: topics, a group with a member, a producer id.</param>
/// <param name="Steps">The requests.</param>
internal sealed record RandomScript(IReadOnlyList<string> Setup, IReadOnlyList<string> Steps)
{
    private const int Length = 12;

    private static readonly string[] Always =
    [
        "topic %a 2", "topic %b 1 cleanup.policy=compact", "topic %d 1", "group %g", "group %h",
        "InitProducerId 5 {TransactionalId: null, TransactionTimeoutMs: 60000, ProducerId: -1, ProducerEpoch: -1}\n  until ErrorCode = NONE\n  keep producer = ProducerId",
        "JoinGroup 3 {GroupId: %g, SessionTimeoutMs: 30000, RebalanceTimeoutMs: 3000, MemberId: \"\", ProtocolType: consumer, Protocols: [{Name: range, Metadata: one}]}\n  keep member = MemberId",
        "SyncGroup 5 {GroupId: %g, GenerationId: 1, MemberId: $member, ProtocolType: consumer, ProtocolName: range, Assignments: [{MemberId: $member, Assignment: all}]}",
        "Produce 9 {Acks: -1, TimeoutMs: 10000, TopicData: [{Name: %a, PartitionData: [{Index: 0, Records: \"batch(n=3, time=now-5000)\"}]}]}",
    ];

    /// <summary>How much more often than the others these APIs come.</summary>
    private static readonly Dictionary<string, int> Often = new(StringComparer.Ordinal)
    {
        ["Produce"] = 5,
        ["Fetch"] = 4,
        ["ListOffsets"] = 2,
        ["OffsetCommit"] = 2,
        ["OffsetFetch"] = 2,
        ["JoinGroup"] = 1,
        ["SyncGroup"] = 1,
        ["Heartbeat"] = 1,
        ["LeaveGroup"] = 1,
        ["CreateTopics"] = 1,
        ["IncrementalAlterConfigs"] = 1,
    };

    /// <summary>What changes the cluster's metadata, of which Kafka's broker learns a little later.</summary>
    private static readonly string[] Changing = ["CreateTopics", "DeleteTopics", "CreatePartitions"];

    /// <summary>What is not this script's alone, or not the same twice.</summary>
    private static readonly Dictionary<string, string> Masks = new(StringComparer.Ordinal)
    {
        ["CreateTopics"] = "Topics.TopicId",
        ["ListGroups"] = "Groups",
        ["ListConfigResources"] = "ConfigResources",
        ["DescribeLogDirs"] = "Results.TotalBytes, Results.UsableBytes",
        ["DescribeQuorum"] = "Topics.Partitions.HighWatermark, Topics.Partitions.CurrentVoters.LogEndOffset, Topics.Partitions.LeaderEpoch",
    };

    /// <summary>Makes the script of a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="served">What both brokers serve.</param>
    public static RandomScript Make(int seed, IReadOnlyDictionary<string, VersionRange> served)
    {
        Random random = new(seed);
        RandomBatch batch = new(random);
        string[] apis = [.. served.Keys.Order(StringComparer.Ordinal).SelectMany(api => Enumerable.Repeat(api, 1 + Often.GetValueOrDefault(api)))];
        List<string> steps = [];
        for (int number = 0; number < Length; number++)
        {
            string api = apis[random.Next(apis.Length)];
            steps.AddRange(Step(api, VersionOf(api, served[api], random), number, random, batch));
        }

        return new RandomScript(Always, steps);
    }

    /// <summary>The script's text without one of its steps.</summary>
    public RandomScript Without(int step) => this with { Steps = [.. Steps.Where((_, index) => index != step)] };

    /// <summary>The script's text.</summary>
    public override string ToString() => string.Join('\n', Setup.Concat(Steps));

    private static short VersionOf(string api, VersionRange served, Random random)
    {
        // Before version 4 a joining member that is new waits for the others.
        short lowest = api == "JoinGroup" ? (short)4 : served.Lowest;
        return random.Next(3) == 0 ? served.Highest : (short)random.Next(lowest, served.Highest + 1);
    }

    private static IEnumerable<string> Step(string api, short version, int number, Random random, RandomBatch batch)
    {
        JsonObject body = RandomBody.Make(api, version, random, batch);
        List<string> masks = Masks.TryGetValue(api, out string? always) ? [always] : [];
        if (AsksForAllTopics(body))
        {
            masks.Add(api switch { "DescribeLogDirs" => "Results.Topics", "ElectLeaders" => "ReplicaElectionResults", _ => "Topics" });
        }

        string options = masks.Count == 0 ? string.Empty : $"\n  mask {string.Join(", ", masks)}";
        yield return string.Create(CultureInfo.InvariantCulture, $"{api} {version} {ScriptText.Of(body)}{options}");
        if (Changing.Contains(api))
        {
            // When a topic made after it is there, the change is there.
            yield return $"topic %after{(char)('a' + number)} 1";
        }
    }

    private static bool AsksForAllTopics(JsonObject body) =>
        (body.TryGetPropertyValue("Topics", out JsonNode? topics) || body.TryGetPropertyValue("TopicPartitions", out topics)) && topics is null or JsonArray { Count: 0 };
}
