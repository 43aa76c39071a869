using System.Text.Json;
using Ottla.Tests.Processes;

namespace Ottla.Conformance.Tests.Drivers;

/// <summary>A driver that is a member of a group until it is told to leave, or crashes.</summary>
internal sealed class GroupMember(ChildProcess process) : IAsyncDisposable
{
    public static GroupMember Start(ForeignClient client, string address, string topic, string group) =>
        new(ChildProcess.Start(client.Command(address, "member", topic, group)));

    /// <summary>The partitions that it was given last; empty before it has any.</summary>
    public int[] Assigned => Lines.LastOrDefault(line => line.StartsWith("{\"assigned\"", StringComparison.Ordinal)) is { } line
        ? [.. JsonDocument.Parse(line).RootElement.GetProperty("assigned").EnumerateArray().Select(partition => partition.GetInt32()).Order()]
        : [];

    public IReadOnlyList<ReadRecord> Records => [.. Lines.Select(ReadRecord.Parse).OfType<ReadRecord>()];

    public string Everything => process.OutputSoFar + process.ErrorSoFar;

    private IEnumerable<string> Lines => process.OutputSoFar.Split('\n')[..^1].Select(line => line.Replace("\": ", "\":", StringComparison.Ordinal));

    public void Crash() => process.KillGroup();

    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        process.RequestStop();
        await process.WaitForExitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
