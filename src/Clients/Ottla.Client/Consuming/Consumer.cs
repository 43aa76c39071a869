using System.Runtime.CompilerServices;
using Ottla.Client.Connections;
using Ottla.Client.Groups;
using Ottla.Client.Offsets;
using Ottla.Client.Waiting;
using Ottla.Protocol;

namespace Ottla.Client.Consuming;

/// <summary>
/// Reads records, of partitions that are assigned by hand or by a group. One reader at a time; all other members are thread-safe. A
/// record counts as handled when the next one is asked for: that is what positions and commits go by, so that a record whose handling
/// failed is read again.
/// </summary>
public sealed class Consumer : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly ConsumerOptions _options;
    private readonly WakeSignal _signal;
    private readonly Fetcher _fetcher;
    private readonly GroupMembership? _group;
    private readonly PositionLookup _positions;

    private readonly Lock _lock = new(); // guards everything below and what it refers to
    private readonly Dictionary<TopicPartition, PartitionFetchState> _assigned = [];
    private string[] _topics = [];
    private bool _isSubscribed;
    private bool _isReading;
    private bool _isDisposed;
    private long _lastAutoCommit;

    internal Consumer(Cluster cluster, ConsumerOptions options)
    {
        options.Validate();
        _cluster = cluster;
        _options = options;
        _signal = new WakeSignal(cluster.TimeProvider);
        _fetcher = new Fetcher(cluster, options, _lock, _signal.Wake);
        _group = options.GroupId is { } groupId ? new GroupMembership(cluster, options, groupId, _signal.Wake) : null;
        _positions = new PositionLookup(cluster, options, _group?.Offsets);
        _lastAutoCommit = cluster.TimeProvider.GetTimestamp();
    }

    /// <summary>The partitions that are read now.</summary>
    public IReadOnlyList<TopicPartition> Assignment
    {
        get
        {
            lock (_lock)
            {
                return [.. _assigned.Keys];
            }
        }
    }

    /// <summary>Joins the group with these topics, once reading begins. Replaces an earlier subscription.</summary>
    /// <exception cref="InvalidOperationException">There is no group id, or partitions were assigned by hand.</exception>
    public void Subscribe(params IEnumerable<string> topics)
    {
        GroupMembership group = _group ?? throw new InvalidOperationException("Subscribing needs a group id.");
        lock (_lock)
        {
            if (!_isSubscribed && _assigned.Count > 0)
            {
                throw new InvalidOperationException("Partitions were assigned by hand.");
            }

            _topics = [.. topics.Distinct(StringComparer.Ordinal)];
            _isSubscribed = true;
        }

        group.RequestRejoin();
        _signal.Wake();
    }

    /// <summary>Reads these partitions, without taking part in a group's rebalances. Replaces an earlier assignment.</summary>
    /// <exception cref="InvalidOperationException">Topics were subscribed to.</exception>
    public void Assign(params IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            if (_isSubscribed)
            {
                throw new InvalidOperationException("Topics were subscribed to.");
            }

            SetAssignmentLocked([.. partitions]);
        }

        _signal.Wake();
    }

    /// <summary>Goes to an offset: the next record read there is the first at or after it.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public void Seek(TopicPartition partition, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Change(partition, state => state.MoveTo(offset));
    }

    /// <summary>Goes to the first record at or after a time, milliseconds since 1970, or one of <see cref="OffsetTime"/>.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public void SeekToTime(TopicPartition partition, long time) => Change(partition, state => state.MoveToTime(time));

    /// <summary>Stops reading a partition until <see cref="Resume"/>; its place is kept.</summary>
    public void Pause(TopicPartition partition) => Change(partition, state => state.IsPaused = true);

    /// <summary>Goes on reading a paused partition.</summary>
    public void Resume(TopicPartition partition) => Change(partition, state => state.IsPaused = false);

    /// <summary>The offset of the next record to be read; null before it is known or if the partition is not assigned.</summary>
    public long? Position(TopicPartition partition)
    {
        lock (_lock)
        {
            return _assigned.TryGetValue(partition, out PartitionFetchState? state) && !state.NeedsPosition ? state.Position : null;
        }
    }

    /// <summary>The offsets of the first records at or after the given times, see <see cref="OffsetTime"/>.</summary>
    public ValueTask<IReadOnlyList<FoundOffset>> OffsetsForTimesAsync(
        IEnumerable<(TopicPartition Partition, long Time)> questions, CancellationToken cancellationToken = default) =>
        new OffsetLookup(_cluster).FindAsync([.. questions], cancellationToken);

    /// <summary>Commits how far reading has come.</summary>
    /// <exception cref="KafkaException">The group has moved on, or the coordinator cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">There is no group id.</exception>
    public ValueTask CommitAsync(CancellationToken cancellationToken = default) =>
        CommitAsync(UncommittedPositions(), cancellationToken);

    /// <summary>Commits offsets of the caller's choice.</summary>
    /// <inheritdoc cref="CommitAsync(CancellationToken)"/>
    public async ValueTask CommitAsync(IReadOnlyCollection<CommittedOffset> offsets, CancellationToken cancellationToken = default)
    {
        GroupMembership group = _group ?? throw new InvalidOperationException("Committing needs a group id.");
        if (offsets.Count == 0)
        {
            return;
        }

        await group.CommitAsync(offsets, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            foreach (CommittedOffset offset in offsets)
            {
                if (_assigned.TryGetValue(offset.Partition, out PartitionFetchState? state))
                {
                    state.CommittedPosition = offset.Offset;
                }
            }
        }
    }

    /// <summary>What the group has committed for these partitions; those without a commit are left out.</summary>
    public ValueTask<IReadOnlyList<CommittedOffset>> CommittedAsync(
        IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken = default) =>
        (_group ?? throw new InvalidOperationException("Committed offsets need a group id.")).Offsets.FetchAsync(partitions, cancellationToken);

    /// <summary>Reads record by record, for ever, or to the end with <see cref="ConsumerOptions.StopAtEnd"/>.</summary>
    /// <exception cref="KafkaException">A partition cannot be read, or the member was thrown out for good.</exception>
    public async IAsyncEnumerable<ConsumedRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using ReadingScope reading = BeginReading();
        var records = new List<ConsumedRecord>();
        BatchCursor? cursor = null;
        try
        {
            while (await NextBatchAsync(cursor, cancellationToken).ConfigureAwait(false) is { } next)
            {
                cursor = next.Cursor;
                cursor.Keep();
                records.Clear();
                next.Batch.CopyTo(records);
                int version = cursor.Chunk.Version;
                foreach (ConsumedRecord record in records)
                {
                    yield return record;
                    if (!Handled(cursor.Chunk.State, version, record.Offset + 1))
                    {
                        break; // somebody went elsewhere in this partition
                    }

                    if (_isSubscribed && _group is { } group && group.IsDueBetweenRecords())
                    {
                        await PollAsync(cancellationToken).ConfigureAwait(false);
                        if (cursor.Chunk.IsStale)
                        {
                            break; // the rebalance took this partition away
                        }
                    }
                }

                Handled(cursor.Chunk.State, version, next.Batch.NextOffset);
            }
        }
        finally
        {
            cursor?.Release();
        }
    }

    /// <summary>Reads batch by batch, without copying or allocating for records. A batch may be used until the next one is asked for.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async IAsyncEnumerable<ConsumedBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using ReadingScope reading = BeginReading();
        BatchCursor? cursor = null;
        try
        {
            while (await NextBatchAsync(cursor, cancellationToken).ConfigureAwait(false) is { } next)
            {
                cursor = next.Cursor;
                yield return next.Batch;
                Handled(cursor.Chunk.State, cursor.Chunk.Version, next.Batch.NextOffset);
            }
        }
        finally
        {
            cursor?.Release();
        }
    }

    /// <summary>
    /// Commits, if that is automatic, leaves the group and closes. Legal while a read is under way, which then ends. Never throws because
    /// of a broker.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        _signal.Wake();
        await _fetcher.DisposeAsync().ConfigureAwait(false);
        if (_group is not null)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), _cluster.TimeProvider);
            await TryAutoCommitAsync(limit.Token).ConfigureAwait(false);
            await _group.DisposeAsync().ConfigureAwait(false);
        }

        await _signal.DisposeAsync().ConfigureAwait(false);
    }

    private ReadingScope BeginReading()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_isReading)
            {
                throw new InvalidOperationException("A consumer has one reader at a time.");
            }

            _isReading = true;
            return new ReadingScope(this);
        }
    }

    /// <summary>The next batch, from the chunk at hand or the next one; null at the end or when the consumer is closed.</summary>
    private async ValueTask<(BatchCursor Cursor, ConsumedBatch Batch)?> NextBatchAsync(BatchCursor? cursor, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await PollAsync(cancellationToken).ConfigureAwait(false);
            TimeSpan wait;
            lock (_lock)
            {
                if (cursor is not null && TryNextLocked(cursor, out ConsumedBatch? batch))
                {
                    return (cursor, batch);
                }

                cursor?.Release();
                cursor = _fetcher.TakeLocked() is { } chunk ? new BatchCursor(chunk, _options.CheckCrcs) : null;
                wait = _fetcher.PumpLocked(_assigned.Values);
                if (cursor is not null)
                {
                    continue;
                }

                if (_isDisposed || (_options.StopAtEnd && IsAtEndLocked()))
                {
                    return null;
                }
            }

            await WaitAsync(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool TryNextLocked(BatchCursor cursor, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ConsumedBatch? batch)
    {
        batch = null;
        PartitionFetchState state = cursor.Chunk.State;
        if (cursor.Chunk.IsStale)
        {
            return false;
        }

        if (state.IsPaused)
        {
            state.FetchPosition = state.Position;
            return false;
        }

        long position = state.Position;
        batch = cursor.Next(ref position);
        state.Position = position;
        return batch is not null;
    }

    private async ValueTask WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static state => ((WakeSignal)state!).Wake(), _signal); // the state is the signal given next
        if (_group is { } group)
        {
            wait = Shorter(wait, group.LongestSleep);
            wait = _options.EnableAutoCommit ? Shorter(wait, _options.AutoCommitInterval) : wait;
        }

        await _signal.WaitAsync(wait).ConfigureAwait(false);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one == Timeout.InfiniteTimeSpan || other < one ? other : one;

    /// <summary>What has to happen between records: rebalances, positions, commits.</summary>
    private async ValueTask PollAsync(CancellationToken cancellationToken)
    {
        if (_group is { } group)
        {
            if (_isSubscribed)
            {
                await group.LookForNewPartitionsAsync(cancellationToken).ConfigureAwait(false);
                if (group.NeedsJoin(out bool lost))
                {
                    await RebalanceAsync(group, lost, cancellationToken).ConfigureAwait(false);
                }
            }

            if (_options.EnableAutoCommit && _cluster.TimeProvider.GetElapsedTime(_lastAutoCommit) >= _options.AutoCommitInterval)
            {
                await TryAutoCommitAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        PartitionFetchState[] unplaced;
        lock (_lock)
        {
            unplaced = _assigned.Values.Any(state => state.NeedsPosition)
                ? [.. _assigned.Values.Where(state => state.NeedsPosition)]
                : [];
        }

        if (unplaced.Length > 0)
        {
            await _positions.FindAsync(unplaced, _lock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RebalanceAsync(GroupMembership group, bool lost, CancellationToken cancellationToken)
    {
        if (!lost)
        {
            await TryAutoCommitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (lost || !group.IsCooperative)
        {
            await RevokeAsync(Assignment, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<TopicPartition> partitions =
            await group.JoinAsync(_topics, group.IsCooperative ? Assignment : [], cancellationToken).ConfigureAwait(false);
        List<TopicPartition> revoked = [.. Assignment.Except(partitions)];
        if (revoked.Count > 0)
        {
            // Only a cooperative member still has something to let go here, and the group waits for it to say so.
            await TryAutoCommitAsync(cancellationToken).ConfigureAwait(false);
            await RevokeAsync(revoked, cancellationToken).ConfigureAwait(false);
            group.RequestRejoin();
        }

        List<TopicPartition> added = [.. partitions.Except(Assignment)];
        lock (_lock)
        {
            SetAssignmentLocked(partitions);
        }

        if (added.Count > 0 && _options.PartitionsAssigned is { } assigned)
        {
            await assigned(added, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RevokeAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        if (partitions.Count > 0 && _options.PartitionsRevoked is { } revoked)
        {
            await revoked(partitions, cancellationToken).ConfigureAwait(false);
        }

        lock (_lock)
        {
            SetAssignmentLocked([.. _assigned.Keys.Except(partitions)]);
        }
    }

    private void SetAssignmentLocked(IReadOnlyList<TopicPartition> partitions)
    {
        var wanted = partitions.ToHashSet();
        foreach (PartitionFetchState state in _assigned.Values.Where(state => !wanted.Contains(state.Partition)).ToArray())
        {
            state.Abandon();
            _assigned.Remove(state.Partition);
        }

        foreach (TopicPartition partition in wanted)
        {
            if (!_assigned.ContainsKey(partition))
            {
                _assigned[partition] = new PartitionFetchState(partition) { WantsCommitted = _group is not null };
            }
        }
    }

    private bool Handled(PartitionFetchState state, int version, long nextOffset)
    {
        lock (_lock)
        {
            if (state.Version != version)
            {
                return false;
            }

            state.Position = Math.Max(state.Position, nextOffset);
            return true;
        }
    }

    private bool IsAtEndLocked()
    {
        foreach (PartitionFetchState state in _assigned.Values)
        {
            if (!state.IsPaused && !state.IsAtEnd)
            {
                return false;
            }
        }

        return true;
    }

    private List<CommittedOffset> UncommittedPositions()
    {
        lock (_lock)
        {
            return
            [
                .. _assigned.Values
                    .Where(state => !state.NeedsPosition && state.Position != state.CommittedPosition)
                    .Select(state => new CommittedOffset(state.Partition, state.Position)),
            ];
        }
    }

    private async ValueTask TryAutoCommitAsync(CancellationToken cancellationToken)
    {
        if (!_options.EnableAutoCommit)
        {
            return;
        }

        _lastAutoCommit = _cluster.TimeProvider.GetTimestamp();
        try
        {
            await CommitAsync(UncommittedPositions(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is KafkaException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            ClientLog.NotCommitted(_cluster.Logger, _options.GroupId ?? string.Empty, exception.Message); // the records will be read again
        }
        catch (OperationCanceledException exception)
        {
            ClientLog.NotCommitted(_cluster.Logger, _options.GroupId ?? string.Empty, exception.Message);
        }
    }

    private void Change(TopicPartition partition, Action<PartitionFetchState> change)
    {
        lock (_lock)
        {
            if (!_assigned.TryGetValue(partition, out PartitionFetchState? state))
            {
                throw new InvalidOperationException($"Partition {partition} is not assigned.");
            }

            change(state);
        }

        _signal.Wake();
    }

    private sealed class ReadingScope(Consumer consumer) : IDisposable
    {
        public void Dispose()
        {
            lock (consumer._lock)
            {
                consumer._isReading = false;
            }
        }
    }
}
