using System.Diagnostics;
using System.Text.Json.Nodes;
using Ottla.Differential.Tests.Brokers;
using Ottla.Differential.Tests.Scripting;
using Ottla.Differential.Tests.Wire;
using Ottla.Protocol;

namespace Ottla.Differential.Tests.Running;

/// <summary>Runs one case against one broker, on connections of its own.</summary>
internal sealed class CaseRun : IDisposable
{
    /// <summary>The outcome of a step whose condition never came true.</summary>
    public const string NotReached = "never as asked for";

    private static readonly TimeSpan UntilLimit = TimeSpan.FromSeconds(10);

    private readonly ComparedBroker _broker;
    private readonly CaseNames _names;
    private readonly CanonicalAnswers _canonical;
    private readonly Dictionary<string, RequestConnection> _connections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ScriptStep Step, short Version, Task<Answer> Answer)> _awaited = new(StringComparer.Ordinal);
    private readonly List<StepAnswer> _answers = [];

    public CaseRun(ComparedBroker broker, string suffix)
    {
        _broker = broker;
        _names = new CaseNames(suffix);
        _canonical = new CanonicalAnswers(broker.Process, suffix);
    }

    /// <summary>Runs the steps in the given versions and returns the answers in their order.</summary>
    public async Task<IReadOnlyList<StepAnswer>> RunAsync(IReadOnlyList<(ScriptStep Step, short Version)> steps, CancellationToken cancellationToken)
    {
        foreach ((ScriptStep step, short version) in steps)
        {
            await RunAsync(step, version, cancellationToken);
            if (_answers is [.., { Answer.Outcome: NotReached }])
            {
                break;
            }
        }

        return _answers;
    }

    public void Dispose()
    {
        foreach (RequestConnection connection in _connections.Values)
        {
            connection.Dispose();
        }
    }

    private async Task RunAsync(ScriptStep step, short version, CancellationToken cancellationToken)
    {
        if (step.Api == ScriptStep.Await)
        {
            (ScriptStep asked, short inVersion, Task<Answer> answer) = _awaited[step.Label ?? string.Empty];
            Take(asked, inVersion, await answer);
            return;
        }

        JsonObject body = _names.Fill(step.Body);
        if (step.IsUnanswered)
        {
            await Connection(step).SendUnansweredAsync(step.Api, version, body, cancellationToken);
        }
        else if (step.Label is { } label)
        {
            _awaited[label] = (step, version, await Connection(step).SendAsync(step.Api, version, body, step.Trailing, cancellationToken));
        }
        else
        {
            Take(step, version, await AskAsync(step, version, body, cancellationToken));
        }
    }

    private async Task<Answer> AskAsync(ScriptStep step, short version, JsonObject body, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            Answer answer = await await Connection(step).SendAsync(step.Api, version, body, step.Trailing, cancellationToken);
            if (step.Until.All(until => Holds(answer, until)))
            {
                return answer;
            }

            if (answer.Outcome != Answer.Answered || Stopwatch.GetElapsedTime(start) > UntilLimit)
            {
                return answer with { Outcome = NotReached };
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private bool Holds(Answer answer, (string Path, string Value) until)
    {
        JsonNode?[] found = [.. NodePath.Find(answer.Body, until.Path)];
        return found.Length > 0 && found.All(value => value.Text() == _names.Fill(until.Value));
    }

    private RequestConnection Connection(ScriptStep step)
    {
        if (!_connections.TryGetValue(step.Connection, out RequestConnection? connection) || connection.IsClosed)
        {
            connection?.Dispose();
            connection = new RequestConnection(_broker.Process.Port);
            _connections[step.Connection] = connection;
        }

        return connection;
    }

    private void Take(ScriptStep step, short version, Answer answer)
    {
        foreach ((string name, string path) in step.Keep)
        {
            // What an answer lacks is remembered as nothing: the difference is found when both are compared.
            _names.Keep(name, NodePath.Find(answer.Body, path).FirstOrDefault().Text());
        }

        _answers.Add(new StepAnswer(step, step.Api, version, answer with { Body = _canonical.Of(step, answer.Body) }));
    }
}
