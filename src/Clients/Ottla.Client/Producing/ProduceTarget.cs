using Ottla.Client.Connections;

namespace Ottla.Client.Producing;

/// <summary>One leader as the sender sees it. Only the sender's loop and, for the counts, the sender's lock touch it.</summary>
internal sealed class ProduceTarget(BrokerAddress address)
{
    public BrokerAddress Address => address;

    /// <summary>Requests that were sent and not answered.</summary>
    public int UnderWay { get; set; }

    /// <summary>Whether a connection is being opened.</summary>
    public bool IsConnecting { get; set; }

    /// <summary>No connection is tried before this timestamp.</summary>
    public long NotBefore { get; set; } = long.MinValue;

    /// <summary>Connection attempts in a row that failed.</summary>
    public int FailedAttempts { get; set; }

    /// <summary>The open connection of this round, if any.</summary>
    public BrokerConnection? Connection { get; set; }

    /// <summary>The batches of the request that is being put together.</summary>
    public List<(PartitionQueue Queue, ProducerBatch Batch)> Batches { get; private set; } = [];

    /// <summary>Their bytes, before compression.</summary>
    public long BatchBytes { get; private set; }

    public void Add(PartitionQueue queue, ProducerBatch batch)
    {
        Batches.Add((queue, batch));
        BatchBytes += batch.SizeInBytes;
    }

    /// <summary>Moves the batches out, for a request.</summary>
    public List<(PartitionQueue Queue, ProducerBatch Batch)> TakeBatches()
    {
        List<(PartitionQueue Queue, ProducerBatch Batch)> taken = Batches;
        Batches = [];
        BatchBytes = 0;
        return taken;
    }
}
