using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using Ottla.Differential.Tests.Scripting;
using Ottla.Tests.Processes;

namespace Ottla.Differential.Tests.Running;

/// <summary>
/// Takes out of a broker's answers what two brokers cannot have in common. Ids become numbers in the order in which the case first sees
/// them, so that the same id in two answers must be the same at the other broker too; times become the word; addresses and folders of the
/// broker become its own.
/// </summary>
internal sealed class CanonicalAnswers(BrokerProcess broker, string suffix)
{
    private const string NoId = "AAAAAAAAAAAAAAAAAAAAAA", Time = "a time";
    private const int LogAppendTime = 8;

    private static readonly FrozenSet<string> Ids = FrozenSet.Create(
        StringComparer.Ordinal, "TopicId", "ClusterId", "MemberId", "Leader", "ProducerId", "SessionId", "ReplicaDirectoryId", "IncarnationId");

    private static readonly FrozenSet<string> Times = FrozenSet.Create(StringComparer.Ordinal, "LogAppendTimeMs", "LastFetchTimestamp", "LastCaughtUpTimestamp");

    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    public JsonObject? Of(ScriptStep step, JsonObject? body)
    {
        if (body is null)
        {
            return null;
        }

        JsonObject masked = body.DeepClone().AsObject();
        foreach (string path in step.Mask)
        {
            NodePath.Replace(masked, path, "masked");
        }

        return (JsonObject?)Of(masked, string.Empty);
    }

    private JsonNode? Of(JsonNode? node, string name) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, IsAppendTime(members, member.Key) ? Time : Of(member.Value, member.Key)))),
        JsonArray items => new JsonArray([.. items.Select(item => Of(item, name))]),
        null => null,
        _ => JsonValue.Create(OfValue(node.TextOrFail(), name)),
    };

    private string OfValue(string text, string name)
    {
        if (Ids.Contains(name))
        {
            return text is "" or "-1" or NoId || (name == "SessionId" && text == "0") ? text : IdOf(text);
        }

        if (Times.Contains(name))
        {
            return text is "-1" or "0" ? text : Time;
        }

        if (name == "Port")
        {
            return text == Port ? "its port" : text;
        }

        string shown = text
            .Replace(broker.DataFolder, "its folder", StringComparison.Ordinal)
            .Replace(broker.Address, "its address", StringComparison.Ordinal)
            .Replace($"-{suffix}", string.Empty, StringComparison.Ordinal);
        foreach ((string id, string number) in _ids.Where(pair => pair.Key.Length > 8))
        {
            shown = shown.Replace(id, number, StringComparison.Ordinal);
        }

        return shown;
    }

    private string Port => broker.Port.ToString(CultureInfo.InvariantCulture);

    private string IdOf(string value)
    {
        if (!_ids.TryGetValue(value, out string? number))
        {
            number = string.Create(CultureInfo.InvariantCulture, $"id {_ids.Count + 1}");
            _ids.Add(value, number);
        }

        return number;
    }

    private static bool IsAppendTime(JsonObject members, string name) =>
        name == "MaxTimestamp" && members["Attributes"] is { } attributes && ((int)NumberText.Parse(attributes.TextOrFail()) & LogAppendTime) != 0;
}
