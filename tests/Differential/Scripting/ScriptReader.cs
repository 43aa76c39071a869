using System.Globalization;
using System.Text.Json.Nodes;
using Ottla.Differential.Tests.Wire;
using Ottla.Protocol;
using Ottla.Tests.Processes;

namespace Ottla.Differential.Tests.Scripting;

/// <summary>Reads the files of Scripts/ (README.md).</summary>
internal sealed class ScriptReader
{
    private readonly string _script;
    private readonly string[] _lines;
    private readonly List<ScriptCase> _cases = [];
    private List<ScriptStep> _steps = [];
    private int _next;

    private ScriptReader(string script, string text)
    {
        _script = script;
        _lines = text.Split('\n');
    }

    /// <summary>All cases of all scripts.</summary>
    public static IReadOnlyList<ScriptCase> All { get; } =
    [
        .. Directory.GetFiles(RepositoryRoot.Combine("tests", "Differential", "Scripts"), "*.script").Order(StringComparer.Ordinal).SelectMany(ReadFile)
            .Where(script => script.ToString().Contains(Environment.GetEnvironmentVariable("OTTLA_TEST_SCRIPT") ?? string.Empty, StringComparison.Ordinal)),
    ];

    /// <summary>The cases of one file.</summary>
    public static IReadOnlyList<ScriptCase> ReadFile(string path) => Read(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path));

    public static IReadOnlyList<ScriptCase> Read(string script, string text)
    {
        ScriptReader reader = new(script, text);
        while (reader._next < reader._lines.Length)
        {
            string line = reader._lines[reader._next++];
            try
            {
                reader.ReadLine(line);
            }
            catch (Exception error) when (error is FormatException or ArgumentException or IndexOutOfRangeException)
            {
                throw new FormatException($"{script}.script:{reader._next}: {error.Message}", error);
            }
        }

        return reader._cases;
    }

    private void ReadLine(string line)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        if (line[0] == ' ')
        {
            _steps[^1] = WithOption(_steps[^1], line.Trim());
            return;
        }

        string[] words = line.Split(' ', 2);
        switch (words[0])
        {
            case "case":
                string[] name = words[1].Split(" rounds ");
                _steps = [];
                _cases.Add(new ScriptCase(_script, name[0], name.Length > 1 ? Number(name[1]) : int.MaxValue, _steps));
                break;
            case "topic":
                AddTopic(words[1].Split(' '));
                break;
            case "group":
                AddGroup(words[1]);
                break;
            case ScriptStep.Await:
                _steps.Add(new ScriptStep(_next, ScriptStep.Await, null, []) { Label = words[1] });
                break;
            default:
                AddRequest(words);
                break;
        }
    }

    private void AddRequest(string[] words)
    {
        int line = _next;
        if (!MessageSchemas.Has(words[0]))
        {
            throw new FormatException($"There is no API {words[0]}");
        }

        string rest = words.Length > 1 ? words[1].Trim() : string.Empty;
        int opening = rest.IndexOf('{', StringComparison.Ordinal);
        string versions = (opening < 0 ? rest : rest[..opening]).Trim();
        string body = opening < 0 ? "{}" : rest[opening..];
        while (body.Count(sign => sign is '{' or '[') > body.Count(sign => sign is '}' or ']'))
        {
            body += '\n' + _lines[_next++];
        }

        _steps.Add(new ScriptStep(line, words[0], versions is "" ? null : Range(versions), ValueReader.ReadObject(body)));
    }

    /// <summary><c>topic %t 3 key=value</c>: made, and there for sure; its id is remembered under its name.</summary>
    private void AddTopic(string[] words)
    {
        JsonArray configs = [];
        foreach (string[] config in words.Skip(2).Select(word => word.Split('=', 2)))
        {
            configs.Add(new JsonObject { ["Name"] = config[0], ["Value"] = config[1] });
        }

        JsonObject topic = new() { ["Name"] = words[0], ["NumPartitions"] = words[1], ["ReplicationFactor"] = "1", ["Configs"] = configs };
        _steps.Add(new ScriptStep(_next, "CreateTopics", new VersionRange(7, 7), new JsonObject { ["Topics"] = new JsonArray(topic) })
        {
            Keep = [(words[0].TrimStart('%'), "Topics[0].TopicId")],
            Mask = ["Topics.Configs"],
        });
        JsonObject question = new() { ["Topics"] = new JsonArray(new JsonObject { ["Name"] = words[0] }), ["AllowAutoTopicCreation"] = "false" };
        _steps.Add(new ScriptStep(_next, "Metadata", new VersionRange(12, 12), question)
        {
            Until = [("Topics.ErrorCode", "NONE"), ("Topics.Partitions.ErrorCode", "NONE")],
        });
        JsonArray partitions = [.. Enumerable.Range(0, Number(words[1])).Select(index => new JsonObject { ["PartitionIndex"] = Text(index), ["Timestamp"] = "-1" })];
        JsonObject offsets = new() { ["ReplicaId"] = "-1", ["Topics"] = new JsonArray(new JsonObject { ["Name"] = words[0], ["Partitions"] = partitions }) };
        _steps.Add(new ScriptStep(_next, "ListOffsets", new VersionRange(10, 10), offsets) { Until = [("Topics.Partitions.ErrorCode", "NONE")] });
    }

    /// <summary><c>group %g</c>: its coordinator is there, and has read what it keeps.</summary>
    private void AddGroup(string group)
    {
        JsonObject coordinator = new() { ["Key"] = group, ["KeyType"] = "0" };
        _steps.Add(new ScriptStep(_next, "FindCoordinator", new VersionRange(3, 3), coordinator) { Until = [("ErrorCode", "NONE")] });
        JsonObject offsets = new() { ["GroupId"] = group, ["Topics"] = null };
        _steps.Add(new ScriptStep(_next, "OffsetFetch", new VersionRange(7, 7), offsets) { Until = [("ErrorCode", "NONE")] });
    }

    private static ScriptStep WithOption(ScriptStep step, string option)
    {
        string[] words = option.Split(' ', 2);
        string[] Sides() => words[1].Split(" = ", 2);
        return words[0] switch
        {
            "on" => step with { Connection = words[1] },
            "as" => step with { Label = words[1] },
            "keep" => step with { Keep = [.. step.Keep, (Sides()[0].Trim(), Sides()[1].Trim())] },
            "mask" => step with { Mask = [.. step.Mask, .. words[1].Split(',', StringSplitOptions.TrimEntries)] },
            "until" => step with { Until = [.. step.Until, (Sides()[0].Trim(), Sides()[1].Trim())] },
            "trailing" => step with { Trailing = Convert.FromHexString(words[1]) },
            "unanswered" => step with { IsUnanswered = true },
            "forced" => step with { IsForced = true },
            _ => throw new FormatException($"'{words[0]}' is no option"),
        };
    }

    private static VersionRange Range(string text)
    {
        string[] ends = text.Split('-');
        short low = (short)Number(ends[0].TrimEnd('+'));
        return new VersionRange(low, text.EndsWith('+') ? short.MaxValue : ends.Length > 1 ? (short)Number(ends[1]) : low);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
