using Ottla.Protocol;
using Ottla.Replication.Partitions;

namespace Ottla.Broker.Requests.Fetch;

/// <summary>What one pass over the partitions of a fetch found. Owns the buffers until they are handed to the response.</summary>
internal sealed class FetchReading : IDisposable
{
    private readonly List<FetchedPartition> _partitions;
    private readonly FetchMemory _memory;
    private long _heldBytes;

    public FetchReading(int capacity, FetchMemory memory)
    {
        _partitions = new List<FetchedPartition>(capacity);
        _memory = memory;
    }

    public IReadOnlyList<FetchedPartition> Partitions => _partitions;

    /// <summary>Bytes of records in all partitions.</summary>
    public int RecordBytes { get; private set; }

    /// <summary>Whether something was found that the client should hear of at once.</summary>
    public bool HasNews { get; private set; }

    /// <summary>Takes a partition over, with its buffer, whose bytes the memory for fetches counts as taken.</summary>
    public void Add(in FetchedPartition partition)
    {
        _partitions.Add(partition);
        _heldBytes += partition.Buffer?.Length ?? 0;
        RecordBytes += partition.Data.Records?.Length ?? 0;
        HasNews |= partition.Data.ErrorCode != ErrorCode.None || partition.Data.DivergingEpoch.EndOffset >= 0;
    }

    /// <summary>The partitions to wait for.</summary>
    public List<Partition> ToWaitFor()
    {
        var partitions = new List<Partition>(_partitions.Count);
        foreach (FetchedPartition fetched in _partitions)
        {
            if (fetched.Partition is { } partition)
            {
                partitions.Add(partition);
            }
        }

        return partitions;
    }

    /// <summary>Whether reading again would find something else.</summary>
    public bool IsOutdated()
    {
        foreach (FetchedPartition fetched in _partitions)
        {
            if (fetched.Partition is { } partition
                && (partition.HighWatermark != fetched.Data.HighWatermark || partition.CheckLeader(fetched.Target.CurrentLeaderEpoch) != ErrorCode.None))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Hands the buffers over to the response.</summary>
    public void ReleaseAfterResponse(RequestContext context)
    {
        foreach (FetchedPartition fetched in _partitions)
        {
            if (fetched.Buffer is { } buffer)
            {
                context.ReleaseAfterResponse(buffer);
            }
        }

        if (_heldBytes > 0)
        {
            context.ReleaseAfterResponse(new FetchMemoryShare(_memory, _heldBytes));
        }
    }

    /// <summary>Gives the buffers back, when they do not go into a response.</summary>
    public void Dispose()
    {
        foreach (FetchedPartition fetched in _partitions)
        {
            fetched.Buffer?.Dispose();
        }

        _memory.Release(_heldBytes);
    }
}
