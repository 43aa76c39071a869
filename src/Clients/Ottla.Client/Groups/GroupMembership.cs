using Ottla.Client.Connections;
using Ottla.Client.Consuming;
using Ottla.Client.Groups.Assignment;
using Ottla.Client.Offsets;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Links;

namespace Ottla.Client.Groups;

/// <summary>
/// A consumer's place in its group, by the classic protocol. Rebalances run inside <see cref="JoinAsync"/>, which the reader
/// calls between records, so that partitions are never taken away while one of their records is being handled; heartbeats run beside.
/// </summary>
internal sealed class GroupMembership : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly ConsumerOptions _options;
    private readonly string _groupId;
    private readonly BrokerLane _lane;
    private readonly GroupJoin _join;
    private readonly Action _wakeReader;
    private readonly CancellationTokenSource _stopping = new();

    private long _lastPoll;

    private readonly Lock _lock = new(); // guards everything below; _needsJoin is also read without it
    private GroupMemberIdentity _identity;
    private volatile bool _needsJoin = true;
    private bool _hasLostPartitions;
    private KafkaException? _fatal;
    private Task _heartbeats = Task.CompletedTask;
    private Dictionary<string, int>? _sharedOut;
    private long _sharedOutAt;

    public GroupMembership(Cluster cluster, ConsumerOptions options, string groupId, Action wakeReader)
    {
        _cluster = cluster;
        _options = options;
        _groupId = groupId;
        _wakeReader = wakeReader;
        _lane = cluster.OpenLane();
        Coordinator = new CoordinatorFinder(cluster, groupId, _lane);
        _join = new GroupJoin(cluster, options, groupId, Coordinator);
        Offsets = new GroupOffsets(cluster, groupId, Coordinator);
        _identity = new GroupMemberIdentity(string.Empty, -1, options.GroupInstanceId);
    }

    public CoordinatorFinder Coordinator { get; }

    public GroupOffsets Offsets { get; }

    /// <summary>Whether members keep their partitions while a rebalance runs.</summary>
    public bool IsCooperative => _join.IsCooperative;

    /// <summary>Who this member is in the current generation.</summary>
    public GroupMemberIdentity Identity
    {
        get
        {
            lock (_lock)
            {
                return _identity;
            }
        }
    }

    /// <summary>
    /// The longest that the reader may sleep: it has to be seen within the poll interval, and the leader of a group looks for new
    /// partitions from time to time.
    /// </summary>
    public TimeSpan LongestSleep =>
        _options.MaximumPollInterval / 2 < _cluster.Options.MetadataMaximumAge ? _options.MaximumPollInterval / 2 : _cluster.Options.MetadataMaximumAge;

    /// <summary>Counts as asking for records; called for each one. Whether a rebalance should be joined before the next.</summary>
    public bool IsDueBetweenRecords()
    {
        Volatile.Write(ref _lastPoll, _cluster.TimeProvider.GetTimestamp());
        return _needsJoin;
    }

    /// <summary>
    /// Has the group share out again what topics have become, if this member is its leader and has not looked for
    /// <see cref="OttlaClientOptions.MetadataMaximumAge"/>.
    /// </summary>
    public async ValueTask LookForNewPartitionsAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, int> sharedOut;
        lock (_lock)
        {
            if (_sharedOut is null || _needsJoin || _cluster.TimeProvider.GetElapsedTime(_sharedOutAt) < _cluster.Options.MetadataMaximumAge)
            {
                return;
            }

            sharedOut = _sharedOut;
            _sharedOutAt = _cluster.TimeProvider.GetTimestamp();
        }

        try
        {
            await _cluster.Metadata.LookUpAsync([.. sharedOut.Keys], cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            ClientLog.Retrying(_cluster.Logger, 1, _cluster.Options.MetadataMaximumAge.TotalMilliseconds, failure.Message);
            return;
        }

        if (sharedOut.Any(topic => (_cluster.Metadata.Current.FindTopic(topic.Key)?.Partitions.Count ?? 0) != topic.Value))
        {
            RequestRejoin();
        }
    }

    /// <summary>
    /// Whether a rebalance waits to be joined. <paramref name="lost"/>: the group has given the partitions away already, so that nothing
    /// can be committed for them.
    /// </summary>
    /// <exception cref="KafkaException">The member can do no more.</exception>
    public bool NeedsJoin(out bool lost)
    {
        Volatile.Write(ref _lastPoll, _cluster.TimeProvider.GetTimestamp());
        lock (_lock)
        {
            lost = _hasLostPartitions;
            return _fatal is null ? _needsJoin : throw _fatal;
        }
    }

    /// <summary>Has the next poll join again, after topics have changed or a cooperative member has let partitions go.</summary>
    public void RequestRejoin()
    {
        lock (_lock)
        {
            _needsJoin = true;
        }
    }

    /// <summary>Takes part in one rebalance and returns this member's partitions.</summary>
    /// <param name="topics">What the member wants.</param>
    /// <param name="owned">What it keeps meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait; the next poll joins again.</param>
    public async ValueTask<IReadOnlyList<TopicPartition>> JoinAsync(
        IReadOnlyList<string> topics, IReadOnlyCollection<TopicPartition> owned, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                JoinOutcome outcome = await _join.RunAsync(Identity, topics, owned, cancellationToken).ConfigureAwait(false);
                Joined(outcome);
                return outcome.Partitions;
            }
            catch (KafkaException failure) when (TryRecover(failure))
            {
                ClientLog.Retrying(_cluster.Logger, attempt + 1, 0, failure.Message);
                if (failure.Error is not ErrorCode.MemberIdRequired)
                {
                    await Task.Delay(_cluster.Backoff.Delay(attempt), _cluster.TimeProvider, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Commits as this member; a member that is out of date finds out here and joins again.</summary>
    public async ValueTask CommitAsync(IReadOnlyCollection<CommittedOffset> offsets, CancellationToken cancellationToken)
    {
        try
        {
            await _cluster.Retrier.CallAsync(
                async token =>
                {
                    await Offsets.CommitAsync(offsets, Identity, token).ConfigureAwait(false);
                    return 0;
                },
                null,
                _cluster.Options.RequestTimeout,
                cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            NoteFailure(failure.Error);
            throw;
        }
    }

    /// <summary>Leaves the group, unless this is a static member, and stops. Never throws because of a broker.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task heartbeats;
        lock (_lock)
        {
            heartbeats = _heartbeats;
        }

        await heartbeats.ConfigureAwait(false);
        await LeaveAsync("the consumer was closed").ConfigureAwait(false);
        await _lane.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private void Joined(JoinOutcome outcome)
    {
        GroupMemberIdentity identity = outcome.Identity;
        Volatile.Write(ref _lastPoll, _cluster.TimeProvider.GetTimestamp());
        lock (_lock)
        {
            _identity = identity;
            _needsJoin = false;
            _hasLostPartitions = false;
            _sharedOut = outcome.PartitionCounts;
            _sharedOutAt = _cluster.TimeProvider.GetTimestamp();
            if (_heartbeats.IsCompleted && !_stopping.IsCancellationRequested)
            {
                _heartbeats = SendHeartbeatsAsync();
            }
        }

        ClientLog.Joined(_cluster.Logger, _groupId, identity.MemberId, identity.GenerationId);
    }

    /// <summary>Whether joining again may help; takes over what the coordinator said of this member's identity.</summary>
    private bool TryRecover(KafkaException failure)
    {
        Coordinator.ForgetIfMoved(failure.Error);
        NoteFailure(failure.Error);
        if (failure.Error == ErrorCode.MemberIdRequired)
        {
            lock (_lock)
            {
                _identity = _identity with { MemberId = failure.Data[GroupJoin.MemberIdKey] as string ?? string.Empty };
            }

            return true;
        }

        return failure.IsRetriable
            || failure.Error is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress;
    }

    private void NoteFailure(ErrorCode error)
    {
        lock (_lock)
        {
            switch (error)
            {
                case ErrorCode.UnknownMemberId:
                    _identity = _identity with { MemberId = string.Empty, GenerationId = -1 };
                    (_needsJoin, _hasLostPartitions) = (true, true);
                    break;
                case ErrorCode.IllegalGeneration:
                    _identity = _identity with { GenerationId = -1 };
                    (_needsJoin, _hasLostPartitions) = (true, true);
                    break;
                case ErrorCode.RebalanceInProgress:
                    _needsJoin = true;
                    break;
                default:
                    break;
            }
        }
    }

    private async Task SendHeartbeatsAsync()
    {
        await Task.Yield();
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                await Task.Delay(_options.HeartbeatInterval, _cluster.TimeProvider, _stopping.Token).ConfigureAwait(false);
                if (IsPollOverdue())
                {
                    await LeaveAsync("the consumer did not ask for records in time").ConfigureAwait(false);
                    NoteFailure(ErrorCode.UnknownMemberId);
                    _wakeReader();
                }
                else if (!IsJoining())
                {
                    await SendHeartbeatAsync(_stopping.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The consumer is being closed.
        }
    }

    private bool IsJoining()
    {
        lock (_lock)
        {
            return _identity.GenerationId < 0 || _identity.MemberId.Length == 0;
        }
    }

    private bool IsPollOverdue()
    {
        lock (_lock)
        {
            return _identity.GenerationId >= 0 && _cluster.TimeProvider.GetElapsedTime(Volatile.Read(ref _lastPoll)) > _options.MaximumPollInterval;
        }
    }

    private async ValueTask SendHeartbeatAsync(CancellationToken cancellationToken)
    {
        GroupMemberIdentity identity = Identity;
        try
        {
            BrokerConnection broker = await Coordinator.ConnectAsync(cancellationToken).ConfigureAwait(false);
            short version = broker.VersionOf<HeartbeatRequest>();
            var request = new HeartbeatRequest
            {
                GroupId = _groupId,
                GenerationId = identity.GenerationId,
                MemberId = identity.MemberId,
                GroupInstanceId = version >= 3 ? identity.GroupInstanceId : null,
            };
            using LinkResponse<HeartbeatResponse> response = await broker
                .CallAsync<HeartbeatRequest, HeartbeatResponse>(request, version, _options.SessionTimeout, cancellationToken)
                .ConfigureAwait(false);
            TakeHeartbeat(response.Message.ErrorCode, identity, broker.Address.ToString());
        }
        catch (KafkaException failure)
        {
            Coordinator.ForgetIfMoved(failure.Error);
            ClientLog.Retrying(_cluster.Logger, 1, _options.HeartbeatInterval.TotalMilliseconds, failure.Message);
        }
    }

    private void TakeHeartbeat(ErrorCode error, GroupMemberIdentity asked, string broker)
    {
        if (error == ErrorCode.None || asked != Identity)
        {
            return; // an answer to what this member no longer is says nothing about what it is now
        }

        Coordinator.ForgetIfMoved(error);
        NoteFailure(error);
        if (error is ErrorCode.FencedInstanceId or ErrorCode.GroupAuthorizationFailed)
        {
            lock (_lock)
            {
                _fatal = KafkaException.Of(error, ApiKey.Heartbeat, broker, $"group {_groupId}");
            }
        }

        _wakeReader();
    }

    private async ValueTask LeaveAsync(string reason)
    {
        GroupMemberIdentity identity = Identity;
        if (identity.MemberId.Length == 0 || identity.GroupInstanceId is not null)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), _cluster.TimeProvider);
            BrokerConnection broker = await Coordinator.ConnectAsync(limit.Token).ConfigureAwait(false);
            short version = broker.VersionOf<LeaveGroupRequest>();
            var request = new LeaveGroupRequest { GroupId = _groupId };
            if (version >= 3)
            {
                request.Members.Add(new LeaveGroupRequest.MemberIdentity { MemberId = identity.MemberId, Reason = version >= 5 ? reason : null });
            }
            else
            {
                request.MemberId = identity.MemberId;
            }

            using LinkResponse<LeaveGroupResponse> response = await broker
                .CallAsync<LeaveGroupRequest, LeaveGroupResponse>(request, version, _cluster.Options.RequestTimeout, limit.Token)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            ClientLog.NotLeft(_cluster.Logger, _groupId, exception.Message); // the session timeout will do it
        }
    }
}
