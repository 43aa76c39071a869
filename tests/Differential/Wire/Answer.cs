using System.Text.Json.Nodes;

namespace Ottla.Differential.Tests.Wire;

/// <summary>What came back for a request.</summary>
/// <param name="Outcome">Whether there was an answer, or the connection was closed instead, or neither in the time that there was.</param>
/// <param name="Body">The response, where there was one.</param>
internal sealed record Answer(string Outcome, JsonObject? Body)
{
    public const string Answered = "answered", Closed = "closed", Silent = "silent";

    public static Answer Of(JsonObject body) => new(Answered, body);
}
