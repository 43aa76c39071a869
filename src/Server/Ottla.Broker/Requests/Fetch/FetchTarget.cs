using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Broker.Requests.Fetch;

/// <summary>
/// One partition that a fetch asks for. In a fetch session it lives from fetch to fetch and remembers what the client was told, so that
/// an incremental response names only what is new (KIP-227). Belongs to one request at a time.
/// </summary>
internal sealed class FetchTarget
{
    private bool _mustTell = true;
    private long _toldHighWatermark = -1;
    private long _toldLogStartOffset = -1;
    private ErrorCode _toldError;

    public FetchTarget(string topic, Guid topicId, FetchRequest.FetchPartition request)
    {
        Topic = topic;
        TopicId = topicId;
        Partition = request.Partition;
        Update(request);
    }

    /// <summary>The topic's name, empty when the client named it by id.</summary>
    public string Topic { get; }

    /// <summary>The topic's id, all zeros when the client named it by name.</summary>
    public Guid TopicId { get; }

    public int Partition { get; }

    public LeaderEpoch CurrentLeaderEpoch { get; private set; }

    public long FetchOffset { get; private set; }

    public int LastFetchedEpoch { get; private set; }

    public int MaxBytes { get; private set; }

    public void Update(FetchRequest.FetchPartition request)
    {
        CurrentLeaderEpoch = request.CurrentLeaderEpoch < 0 ? LeaderEpoch.None : new LeaderEpoch(request.CurrentLeaderEpoch);
        FetchOffset = request.FetchOffset;
        LastFetchedEpoch = request.LastFetchedEpoch;
        MaxBytes = request.PartitionMaxBytes;
    }

    /// <summary>Whether an incremental response must name the partition, which then counts as told.</summary>
    public bool Tell(FetchResponse.PartitionData data)
    {
        bool isNews = _mustTell
            || data.Records is { Length: > 0 }
            || data.HighWatermark != _toldHighWatermark
            || data.LogStartOffset != _toldLogStartOffset
            || data.ErrorCode != _toldError
            || data.ErrorCode != ErrorCode.None
            || data.DivergingEpoch.EndOffset >= 0;
        _mustTell = false;
        _toldHighWatermark = data.HighWatermark;
        _toldLogStartOffset = data.LogStartOffset;
        _toldError = data.ErrorCode;
        return isNews;
    }
}
