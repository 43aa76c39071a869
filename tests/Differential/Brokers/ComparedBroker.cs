using System.Globalization;
using System.Text.Json.Nodes;
using Ottla.Differential.Tests.Scripting;
using Ottla.Differential.Tests.Wire;
using Ottla.Protocol;
using Ottla.Tests.Processes;

namespace Ottla.Differential.Tests.Brokers;

/// <summary>One of the two brokers, and what it says that it serves.</summary>
internal sealed class ComparedBroker : IAsyncDisposable
{
    private ComparedBroker(BrokerKind kind, BrokerProcess process, IReadOnlyDictionary<ApiKey, VersionRange> versions)
    {
        Kind = kind;
        Process = process;
        Versions = versions;
    }

    public BrokerKind Kind { get; }

    public BrokerProcess Process { get; }

    public IReadOnlyDictionary<ApiKey, VersionRange> Versions { get; }

    public static async Task<ComparedBroker> StartAsync(BrokerKind kind, string[] settings, CancellationToken cancellationToken)
    {
        BrokerProcess process = await BrokerProcess.StartAsync(kind, settings, cancellationToken);
        using RequestConnection connection = new(process.Port);
        Answer answer = await await connection.SendAsync("ApiVersions", 0, [], [], cancellationToken);
        JsonArray apis = answer.Body?["ApiKeys"]?.AsArray() ?? throw new InvalidOperationException($"{kind} does not say what it serves");
        return new ComparedBroker(kind, process, apis.ToDictionary(api => (ApiKey)Number(api, "ApiKey"), api => new VersionRange((short)Number(api, "MinVersion"), (short)Number(api, "MaxVersion"))));
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static int Number(JsonNode? api, string field) => int.Parse(api?[field].Text() ?? string.Empty, CultureInfo.InvariantCulture);
}
