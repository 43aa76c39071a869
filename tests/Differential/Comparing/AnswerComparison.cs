using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ottla.Differential.Tests.Running;
using Ottla.Differential.Tests.Scripting;
using Ottla.Differential.Tests.Wire;

namespace Ottla.Differential.Tests.Comparing;

/// <summary>Compares two answers field by field. Elements of an array are told apart by their key where they have one, else by their place.</summary>
internal sealed partial class AnswerComparison
{
    /// <summary>The path of a difference in whether there was an answer at all.</summary>
    public const string Outcome = "outcome";

    /// <summary>The fields that name an element, the first one that is there.</summary>
    private static readonly string[] Keys =
        ["ApiKey", "ConfigName", "ResourceName", "Name", "TopicName", "Topic", "TopicId", "PartitionIndex", "Partition", "Index", "PartitionId", "GroupId", "Group", "MemberId", "NodeId", "BrokerId", "TransactionalId", "Key"];

    /// <summary>Kafka gives these in the order of its hash tables, or what is refused after all else.</summary>
    private static readonly string[] Unordered =
    [
        "DescribeConfigs Results[].Configs", "DeleteTopics Responses", "ElectLeaders ReplicaElectionResults", "Metadata Topics",
        "ListOffsets Topics", "ListOffsets Topics[].Partitions", "Produce Responses", "Produce Responses[].PartitionResponses", "DescribeGroups Groups[].Members", "JoinGroup Members",
        "DeleteRecords Topics", "DeleteRecords Topics[].Partitions", "CreatePartitions Results", "DescribeLogDirs Results[].Topics[].Partitions", "DescribeLogDirs Results[].Topics",
        "Fetch Responses", "Fetch Responses[].Partitions", "OffsetFetch Topics", "OffsetFetch Groups[].Topics", "OffsetCommit Topics", "OffsetCommit Topics[].Partitions", "OffsetDelete Topics[].Partitions", "DescribeGroups Groups", "DeleteGroups Results", "OffsetDelete Topics", "ListGroups Groups",
    ];

    private const string NoKey = "\0";

    private readonly string _api;
    private readonly List<(string Path, string Kafka, string Ottla)> _found = [];

    private AnswerComparison(string api) => _api = api;

    public static IEnumerable<Difference> Compare(ScriptCase script, StepAnswer kafka, StepAnswer ottla)
    {
        AnswerComparison comparison = new(kafka.Api);
        if (kafka.Answer.Outcome != ottla.Answer.Outcome || kafka.Answer.Outcome is CaseRun.NotReached or Answer.Silent)
        {
            comparison._found.Add((Outcome, kafka.Answer.Outcome, ottla.Answer.Outcome));
        }

        if (kafka.Answer.Body is { } left && ottla.Answer.Body is { } right)
        {
            comparison.Compare(string.Empty, left, right);
        }

        string where = string.Create(CultureInfo.InvariantCulture, $"{script.Script}:{kafka.Step.Line}");
        return comparison._found.Select(found => new Difference(where, kafka.Api, kafka.Version, found.Path, found.Kafka, found.Ottla));
    }

    private void Compare(string path, JsonNode? kafka, JsonNode? ottla)
    {
        if (kafka is JsonObject left && ottla is JsonObject right)
        {
            foreach (string name in left.Select(member => member.Key).Union(right.Select(member => member.Key)))
            {
                CompareOne(path.Length == 0 ? name : $"{path}.{name}", left.ContainsKey(name), left[name], right.ContainsKey(name), right[name]);
            }
        }
        else if (kafka is JsonArray first && ottla is JsonArray second)
        {
            CompareItems(path, first, second);
        }
        else if (kafka.Text() != ottla.Text())
        {
            _found.Add((path, kafka.Text(), ottla.Text()));
        }
    }

    private void CompareOne(string path, bool isAtKafka, JsonNode? kafka, bool isAtOttla, JsonNode? ottla)
    {
        if (isAtKafka && isAtOttla)
        {
            Compare(path, kafka, ottla);
        }
        else
        {
            _found.Add((path, isAtKafka ? kafka.Text() : Difference.Absent, isAtOttla ? ottla.Text() : Difference.Absent));
        }
    }

    private void CompareItems(string path, JsonArray kafka, JsonArray ottla)
    {
        bool isUnordered = IsUnordered(path);
        if (isUnordered)
        {
            (kafka, ottla) = (Merge(kafka), Merge(ottla));
        }

        string[] left = KeysOf(kafka), right = KeysOf(ottla);
        string[] common = [.. left.Intersect(right)];
        if (!isUnordered && !common.SequenceEqual(right.Where(common.Contains)))
        {
            _found.Add(($"{path}.order", string.Join(' ', left), string.Join(' ', right)));
        }

        foreach (string key in left.Union(right))
        {
            int inKafka = Array.IndexOf(left, key), inOttla = Array.IndexOf(right, key);
            CompareOne($"{path}[{key}]", inKafka >= 0, inKafka >= 0 ? kafka[inKafka] : null, inOttla >= 0, inOttla >= 0 ? ottla[inOttla] : null);
        }
    }

    /// <summary>Puts elements of one name together, with all that they hold: Kafka begins a topic anew when others come between its partitions.</summary>
    private static JsonArray Merge(JsonArray items)
    {
        JsonArray merged = [];
        foreach (JsonNode? item in items)
        {
            if (item is JsonObject members && merged.OfType<JsonObject>().FirstOrDefault(other => KeyOf(other) == KeyOf(members) && KeyOf(members) != NoKey) is { } same)
            {
                foreach ((string name, JsonNode? value) in members)
                {
                    if (value is JsonArray more && same[name] is JsonArray list)
                    {
                        more.ToList().ForEach(element => list.Add(element?.DeepClone()));
                    }
                }
            }
            else
            {
                merged.Add(item?.DeepClone());
            }
        }

        return merged;
    }

    private bool IsUnordered(string path) => Unordered.Contains($"{_api} {Index().Replace(path, "[]")}");

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Index();

    private static string[] KeysOf(JsonArray items)
    {
        string[] named = [.. items.Select(item => item is JsonObject members ? KeyOf(members) : NoKey)];
        return named.Length == named.Distinct().Count() && !named.Contains(NoKey)
            ? named
            : [.. Enumerable.Range(0, items.Count).Select(index => index.ToString(CultureInfo.InvariantCulture))];
    }

    private static string KeyOf(JsonObject members) => Keys.Where(members.ContainsKey).Select(key => members[key].Text()).FirstOrDefault(NoKey);
}
