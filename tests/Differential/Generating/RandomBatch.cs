using System.Globalization;
using System.Text.Json.Nodes;

namespace Ottla.Differential.Tests.Generating;

/// <summary>Makes record batches in the words of scripts. It knows which sequence each partition expects, so that most are accepted.</summary>
internal sealed class RandomBatch(Random random)
{
    private readonly Dictionary<string, int> _nextSequences = new(StringComparer.Ordinal);

    /// <summary>The records of a partition of a Produce request.</summary>
    /// <param name="partition">The fields of the partition that stand before them.</param>
    public string Make(JsonObject partition) => random.Next(30) switch
    {
        0 => string.Empty,
        1 => "batch(n=1) + batch(n=2)",
        2 => One(["cut=1"]),
        3 => One(["control"]),
        < 12 => One(Producer(partition["Index"]?.GetValue<string>() ?? string.Empty)),
        _ => One([]),
    };

    private string One(string[] more)
    {
        List<string> parameters = more.Any(parameter => parameter.StartsWith("n=", StringComparison.Ordinal)) ? [] : [$"n={Number(1, 6)}"];
        AddOneOf(parameters, 0.5, "codec=gzip", "codec=snappy", "codec=lz4", "codec=zstd");
        AddOneOf(parameters, 0.4, "time=now", "time=now-5000", "time=now-4000", "time=now+60000", "time=now+9000000", "time=0", "time=-1");
        AddOneOf(parameters, 0.2, "step=0", "step=-100", "step=100");
        AddOneOf(parameters, 0.3, "size=0", "size=50", "size=1000");
        AddOneOf(parameters, 0.2, "key=null", "key=same", "value=null");
        return $"batch({string.Join(", ", parameters.Concat(more))})";
    }

    private string[] Producer(string partition)
    {
        int count = random.Next(1, 4);
        int next = _nextSequences.GetValueOrDefault(partition);
        int sequence = random.Next(8) switch { 0 => next + 1, 1 => Math.Max(0, next - count), _ => next };
        _nextSequences[partition] = Math.Max(next, sequence + count);
        string epoch = random.Next(10) == 0 ? "1" : "0";
        return [$"n={Text(count)}", "producer=$producer", $"epoch={epoch}", $"sequence={Text(sequence)}"];
    }

    private void AddOneOf(List<string> parameters, double chance, params string[] values)
    {
        if (random.NextDouble() < chance)
        {
            parameters.Add(values[random.Next(values.Length)]);
        }
    }

    private string Number(int from, int to) => Text(random.Next(from, to));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
