using System.Text.Json.Nodes;
using Ottla.Protocol;

namespace Ottla.Differential.Tests.Scripting;

/// <summary>One request of a case, and what is done with its answer.</summary>
/// <param name="Line">Where it stands in its file.</param>
/// <param name="Api">The API's name; <see cref="Await"/> for a step that only waits for the answer of an earlier one.</param>
/// <param name="Versions">The versions to ask in, within those that both brokers serve; null for all of these.</param>
/// <param name="Body">The request.</param>
internal sealed record ScriptStep(int Line, string Api, VersionRange? Versions, JsonObject Body)
{
    /// <summary>The name of a step that awaits an answer.</summary>
    public const string Await = "await";

    /// <summary>The connection; those of a case are opened when they are first named.</summary>
    public string Connection { get; init; } = "main";

    /// <summary>The name by which a later step awaits the answer; null when the next step comes only after it.</summary>
    public string? Label { get; init; }

    /// <summary>Whether nothing comes back.</summary>
    public bool IsUnanswered { get; init; }

    /// <summary>Whether <see cref="Versions"/> is sent although a broker does not serve it.</summary>
    public bool IsForced { get; init; }

    /// <summary>Bytes that follow the request in its frame.</summary>
    public byte[] Trailing { get; init; } = [];

    /// <summary>What to remember of the answer, by name.</summary>
    public IReadOnlyList<(string Name, string Path)> Keep { get; init; } = [];

    /// <summary>What is not compared.</summary>
    public IReadOnlyList<string> Mask { get; init; } = [];

    /// <summary>What must hold before the case goes on; until then the request is sent again.</summary>
    public IReadOnlyList<(string Path, string Value)> Until { get; init; } = [];
}
