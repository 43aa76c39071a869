namespace Ottla.Broker.Metrics;

/// <summary>What is counted for one topic. Thread-safe.</summary>
internal sealed class TopicCounters
{
    private long _bytesIn;
    private long _bytesOut;
    private long _messagesIn;
    private long _produceRequests;
    private long _fetchRequests;
    private long _failedProduceRequests;
    private long _failedFetchRequests;

    public long BytesIn => Volatile.Read(ref _bytesIn);

    public long BytesOut => Volatile.Read(ref _bytesOut);

    public long MessagesIn => Volatile.Read(ref _messagesIn);

    public long ProduceRequests => Volatile.Read(ref _produceRequests);

    public long FetchRequests => Volatile.Read(ref _fetchRequests);

    public long FailedProduceRequests => Volatile.Read(ref _failedProduceRequests);

    public long FailedFetchRequests => Volatile.Read(ref _failedFetchRequests);

    public void Produced(int bytes, int messages)
    {
        Interlocked.Increment(ref _produceRequests);
        Interlocked.Add(ref _bytesIn, bytes);
        Interlocked.Add(ref _messagesIn, messages);
    }

    public void ProduceFailed()
    {
        Interlocked.Increment(ref _produceRequests);
        Interlocked.Increment(ref _failedProduceRequests);
    }

    public void Fetched(int bytes)
    {
        Interlocked.Increment(ref _fetchRequests);
        Interlocked.Add(ref _bytesOut, bytes);
    }

    public void FetchFailed()
    {
        Interlocked.Increment(ref _fetchRequests);
        Interlocked.Increment(ref _failedFetchRequests);
    }
}
