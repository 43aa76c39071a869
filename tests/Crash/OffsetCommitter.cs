using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Links;

namespace Ottla.Crash.Tests;

/// <summary>
/// Many groups without members whose offsets go up in step on all partitions, commit by commit, and what each of them must hold after a
/// crash: nothing older than its last answered commit, nothing that was not asked for, and the same on every partition.
/// </summary>
internal sealed class OffsetCommitter(string topic, int partitions, Random random)
{
    private const int Groups = 16;

    private readonly long[] _answered = new long[Groups];
    private readonly long[] _asked = new long[Groups];

    public long Acknowledged { get; private set; }

    /// <summary>Commits until the broker is gone.</summary>
    public async Task CommitAsync(int port)
    {
        try
        {
            await using AdminLink link = await AdminLink.ConnectAsync(port);
            while (true)
            {
                int group = random.Next(Groups);
                long offset = ++_asked[group];
                if (await CommitAsync(link, group, offset) == ErrorCode.None)
                {
                    _answered[group] = offset;
                    Acknowledged++;
                }
            }
        }
        catch (Exception exception) when (exception is LinkException or System.Net.Sockets.SocketException)
        {
            // What was asked last may have been committed.
        }
    }

    /// <summary>Compares with what the broker has, and goes on from there.</summary>
    public async Task AssertNoneWentBackAsync(int port, string reproduce)
    {
        await using AdminLink link = await AdminLink.ConnectAsync(port);
        for (int group = 0; group < Groups; group++)
        {
            long[] found = [.. (await FetchAsync(link, group)).Distinct()];
            Assert.True(
                found.Length == 1 && Math.Max(found[0], 0) >= _answered[group] && found[0] <= _asked[group],
                $"{NameOf(group)} holds {string.Join(' ', found)}, was promised {_answered[group]} and asked for {_asked[group]} at most; {reproduce}");
            _answered[group] = _asked[group] = Math.Max(found[0], 0);
        }
    }

    private static string NameOf(int group) => $"committer-{group}";

    private static bool IsLoading(ErrorCode error) => error is ErrorCode.CoordinatorLoadInProgress or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator;

    private async Task<ErrorCode> CommitAsync(AdminLink link, int group, long offset)
    {
        OffsetCommitRequest request = new()
        {
            GroupId = NameOf(group),
            Topics = [new() { Name = topic, Partitions = [.. Enumerable.Range(0, partitions).Select(partition => new OffsetCommitRequest.OffsetCommitRequestPartition { PartitionIndex = partition, CommittedOffset = offset, CommittedMetadata = "" })] }],
        };
        OffsetCommitResponse response = await link.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(request, 8);
        ErrorCode error = Assert.Single(Assert.Single(response.Topics).Partitions.Select(static partition => partition.ErrorCode).Distinct());
        Assert.True(error == ErrorCode.None || IsLoading(error), $"{NameOf(group)} was refused: {error}");
        return error;
    }

    private async Task<IEnumerable<long>> FetchAsync(AdminLink link, int group)
    {
        OffsetFetchRequest request = new() { Groups = [new() { GroupId = NameOf(group), Topics = [new() { Name = topic, PartitionIndexes = [.. Enumerable.Range(0, partitions)] }] }] };
        for (int attempt = 0; ; attempt++)
        {
            OffsetFetchResponse response = await link.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(request, 8);
            OffsetFetchResponse.OffsetFetchResponseGroup answer = Assert.Single(response.Groups);
            if (!IsLoading(answer.ErrorCode))
            {
                Assert.Equal(ErrorCode.None, answer.ErrorCode);
                return Assert.Single(answer.Topics).Partitions.Select(static partition => partition.CommittedOffset);
            }

            Assert.True(attempt < 10_000, $"the coordinator of {NameOf(group)} does not come up");
        }
    }
}
