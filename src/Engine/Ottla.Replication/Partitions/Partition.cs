using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Records;
using Ottla.Replication.Waiting;
using Ottla.Storage.Logs;

namespace Ottla.Replication.Partitions;

/// <summary>
/// One partition on this broker: its log, whether this broker leads it and in which epoch, how far it is committed, and who waits for
/// it. Thread-safe. An append does not take a lock here: the log orders appends, and the high watermark only ever grows.
/// </summary>
public sealed class Partition
{
    // An append wakes this many waiting requests on its own thread; the others get threads of their own.
    private const int WokenInline = 4;

    private readonly Lock _gate = new(); // guards _waiters
    private readonly HashSet<IPartitionWaiter> _waiters = [];
    private readonly BrokerId _self;
    private PartitionImage _image;
    private TopicSettings _settings;
    private long _highWatermark;
    private long _unannouncedBytes;
    private int _waiterCount;
    private volatile bool _isDeleted;

    /// <summary>Takes over a log as it was opened or made.</summary>
    /// <param name="self">This broker.</param>
    /// <param name="log">The partition's log.</param>
    /// <param name="image">What the metadata says of it.</param>
    /// <param name="settings">Its topic's configuration.</param>
    public Partition(BrokerId self, PartitionLog log, PartitionImage image, TopicSettings settings)
    {
        ArgumentNullException.ThrowIfNull(log);
        _self = self;
        Log = log;
        _image = image;
        _settings = settings;
        _highWatermark = Math.Clamp(log.HighWatermark, log.LogStartOffset, log.LogEndOffset);
        WakeWaitingAction = WakeWaiting;
        Become(image);
    }

    /// <summary>The partition's name.</summary>
    public TopicPartition TopicPartition => Log.TopicPartition;

    /// <summary>The topic's identity.</summary>
    public TopicId TopicId => Log.TopicId;

    /// <summary>The partition's log.</summary>
    public PartitionLog Log { get; }

    /// <summary>What the metadata says of the partition.</summary>
    public PartitionImage Image => Volatile.Read(ref _image);

    /// <summary>The topic's configuration; a change counts from the next request on.</summary>
    public TopicSettings Settings => Volatile.Read(ref _settings);

    /// <summary>The epoch of the leader.</summary>
    public LeaderEpoch LeaderEpoch => Image.LeaderEpoch;

    /// <summary>Whether this broker leads.</summary>
    public bool IsLeader => !_isDeleted && Image.Leader == _self;

    /// <summary>The offset up to which records are committed, exclusive: nobody but replicas reads past it.</summary>
    public long HighWatermark => Volatile.Read(ref _highWatermark);

    /// <summary>The offset up to which no transaction is open, exclusive. There are no transactions, so it is the high watermark.</summary>
    public long LastStableOffset => HighWatermark;

    /// <summary>How many requests wait for this partition.</summary>
    public int WaiterCount => Volatile.Read(ref _waiterCount);

    /// <summary><see cref="WakeWaiting"/> as a delegate that is made once.</summary>
    public Action WakeWaitingAction { get; }

    /// <summary>
    /// Whether this broker may serve a request that was sent in <paramref name="currentLeaderEpoch"/> (KIP-320):
    /// <see cref="ErrorCode.None"/>, <see cref="ErrorCode.NotLeaderOrFollower"/>, <see cref="ErrorCode.FencedLeaderEpoch"/> for a client
    /// whose metadata is old, or <see cref="ErrorCode.UnknownLeaderEpoch"/> for one that knows more than this broker.
    /// </summary>
    public ErrorCode CheckLeader(LeaderEpoch currentLeaderEpoch)
    {
        PartitionImage image = Image;
        if (_isDeleted)
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        if (currentLeaderEpoch != LeaderEpoch.None && currentLeaderEpoch != image.LeaderEpoch)
        {
            return currentLeaderEpoch.Value < image.LeaderEpoch.Value ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
        }

        return image.Leader == _self ? ErrorCode.None : ErrorCode.NotLeaderOrFollower;
    }

    /// <summary>Appends one batch that was validated, and advances the high watermark as far as the in-sync replicas allow.</summary>
    /// <param name="batch">Exactly one batch of format v2; patched in place.</param>
    /// <param name="header">That batch's header.</param>
    /// <param name="requirements">What else is asked.</param>
    public PartitionAppend AppendAsLeader(Memory<byte> batch, in RecordBatchHeader header, in AppendRequirements requirements)
    {
        PartitionImage image = Image;
        if (CheckLeader(requirements.ExpectedLeaderEpoch) is var notLeader and not ErrorCode.None)
        {
            return PartitionAppend.Refused(notLeader);
        }

        // No more can be asked for than there are: min.insync.replicas=2 does not close a topic with one replica.
        int minInSync = Math.Min(Settings.MinInSyncReplicas, image.Replicas.Length);
        if (requirements.RequiredAcks == -1 && requirements.Origin == AppendOrigin.Client && image.Isr.Length < minInSync)
        {
            return PartitionAppend.Refused(
                ErrorCode.NotEnoughReplicas, $"{TopicPartition} has {image.Isr.Length} in-sync replicas; min.insync.replicas is {minInSync}.");
        }

        LogAppend append = Log.Append(batch, header, image.LeaderEpoch, requirements.Origin, requirements.LogAppendTime);
        if (append.Error != ErrorCode.None)
        {
            return PartitionAppend.Refused(append.Error, append.Message) with { LogStartOffset = append.LogStartOffset };
        }

        if (!append.IsDuplicate)
        {
            // In this order: another append may announce these bytes at once, and whoever it wakes must find them.
            AdvanceHighWatermark(image);
            Interlocked.Add(ref _unannouncedBytes, batch.Length);
            if (!requirements.DefersWaking)
            {
                WakeWaiting();
            }
        }

        return new PartitionAppend
        {
            BaseOffset = append.BaseOffset,
            LastOffset = append.LastOffset,
            LogAppendTime = append.LogAppendTime,
            LogStartOffset = append.LogStartOffset,
            IsDuplicate = append.IsDuplicate,
            IsFlushDue = append.IsFlushDue,
        };
    }

    /// <summary>Reads committed records.</summary>
    /// <param name="offset">The first offset that is wanted.</param>
    /// <param name="maxBytes">How much to return.</param>
    /// <param name="atLeastOneBatch">Whether the first batch is returned even when it is larger than that (KIP-74).</param>
    /// <param name="cancellationToken">Gives up a read that has not begun to wait for the disk.</param>
    public ValueTask<PartitionRead> ReadAsync(long offset, int maxBytes, bool atLeastOneBatch, CancellationToken cancellationToken)
    {
        long highWatermark = HighWatermark;
        long logStartOffset = Log.LogStartOffset;
        if (offset == highWatermark || (offset > highWatermark && offset <= Log.LogEndOffset) || (maxBytes <= 0 && !atLeastOneBatch))
        {
            // The common case of a consumer that waits at the end: no lookup, no system call.
            return offset >= logStartOffset && offset <= Log.LogEndOffset
                ? ValueTask.FromResult(Nothing(offset, highWatermark, logStartOffset))
                : ValueTask.FromResult(Failed(ErrorCode.OffsetOutOfRange, highWatermark, logStartOffset));
        }

        if (offset < logStartOffset || offset > highWatermark)
        {
            return ValueTask.FromResult(Failed(ErrorCode.OffsetOutOfRange, highWatermark, logStartOffset));
        }

        ValueTask<LogRead> reading = Log.ReadAsync(offset, maxBytes, atLeastOneBatch, highWatermark, cancellationToken);
        return reading.IsCompletedSuccessfully
            ? ValueTask.FromResult(ToPartitionRead(reading.Result, highWatermark))
            : AwaitAsync(reading, highWatermark);
    }

    /// <summary>
    /// Wakes the requests that wait for records of this partition. Some run at once on this thread, up to their next wait, so the caller
    /// holds no lock; more of them are spread over others.
    /// </summary>
    public void WakeWaiting()
    {
        int bytes = (int)Math.Min(int.MaxValue, Interlocked.Exchange(ref _unannouncedBytes, 0));
        if (Volatile.Read(ref _waiterCount) == 0)
        {
            return;
        }

        IPartitionWaiter[] waiters;
        lock (_gate)
        {
            waiters = [.. _waiters];
        }

        for (int index = 0; index < waiters.Length; index++)
        {
            if (waiters[index].Announce(bytes))
            {
                if (index < WokenInline)
                {
                    waiters[index].Wake();
                }
                else
                {
                    ThreadPool.UnsafeQueueUserWorkItem(static waiter => waiter.Wake(), waiters[index], preferLocal: false);
                }
            }
        }
    }

    /// <summary>Has <paramref name="waiter"/> told of what happens here. What happened before it must look up itself, after this call.</summary>
    internal void Add(IPartitionWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Add(waiter);
            Volatile.Write(ref _waiterCount, _waiters.Count);
        }
    }

    internal void Remove(IPartitionWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Remove(waiter);
            Volatile.Write(ref _waiterCount, _waiters.Count);
        }
    }

    /// <summary>Follows the metadata. Called by one caller at a time.</summary>
    internal void Become(PartitionImage image)
    {
        bool isNewEpoch = image.LeaderEpoch != Image.LeaderEpoch || Log.LatestEpoch is null || Log.LatestEpoch.Value.Value < image.LeaderEpoch.Value;
        Volatile.Write(ref _image, image);
        if (image.Leader != _self)
        {
            WakeAll();
            return;
        }

        if (isNewEpoch)
        {
            Log.AssignEpochStartOffset(image.LeaderEpoch, Log.LogEndOffset);
        }

        AdvanceHighWatermark(image);
        WakeAll();
    }

    internal void Configure(TopicSettings settings)
    {
        Volatile.Write(ref _settings, settings);
        Log.Options = settings.Log;
    }

    /// <summary>From here on every request is refused; those that wait find out.</summary>
    internal void MarkDeleted()
    {
        _isDeleted = true;
        WakeAll();
    }

    /// <summary>Wakes every waiting request, whatever it waits for.</summary>
    internal void WakeAll()
    {
        Interlocked.Add(ref _unannouncedBytes, int.MaxValue);
        WakeWaiting();
    }

    // Committed is what every in-sync replica has. Where this broker is the only one, that is what its own log has; an append of others
    // at the same time may have moved it further already, and it never goes back.
    private void AdvanceHighWatermark(PartitionImage image)
    {
        if (image.Isr.Length != 1 || image.Isr[0] != _self)
        {
            return;
        }

        long committed = Log.LogEndOffset;
        long current = Volatile.Read(ref _highWatermark);
        while (committed > current)
        {
            long seen = Interlocked.CompareExchange(ref _highWatermark, committed, current);
            if (seen == current)
            {
                Log.HighWatermark = HighWatermark;
                return;
            }

            current = seen;
        }
    }

    private static async ValueTask<PartitionRead> AwaitAsync(ValueTask<LogRead> reading, long highWatermark) =>
        ToPartitionRead(await reading, highWatermark);

    private static PartitionRead ToPartitionRead(LogRead read, long highWatermark) => new()
    {
        Error = read.Error,
        Buffer = read.Buffer,
        Records = read.Records,
        NextOffset = read.NextOffset,
        HighWatermark = highWatermark,
        LastStableOffset = highWatermark,
        LogStartOffset = read.LogStartOffset,
    };

    private static PartitionRead Nothing(long offset, long highWatermark, long logStartOffset) => new()
    {
        NextOffset = offset,
        HighWatermark = highWatermark,
        LastStableOffset = highWatermark,
        LogStartOffset = logStartOffset,
    };

    private static PartitionRead Failed(ErrorCode error, long highWatermark, long logStartOffset) =>
        Nothing(-1, highWatermark, logStartOffset) with { Error = error };
}
