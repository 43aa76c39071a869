using Ottla.Client.Connections;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Transport.Links;

namespace Ottla.Client.Groups;

/// <summary>Finds the broker that coordinates a group, and keeps it until it turns out to be wrong. Thread-safe.</summary>
internal sealed class CoordinatorFinder(Cluster cluster, string groupId, BrokerLane lane)
{
    private const short FirstBatchedVersion = 4;

    private readonly Lock _lock = new(); // guards _found
    private BrokerAddress? _found;

    /// <summary>A connection to the coordinator.</summary>
    /// <exception cref="KafkaException">There is none now (retriable), or the group may not be asked for.</exception>
    public async ValueTask<BrokerConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        BrokerAddress? known;
        lock (_lock)
        {
            known = _found;
        }

        BrokerAddress address = known ?? await FindAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _found = address;
        }

        try
        {
            return await Cluster.NodeAsync(address, lane, cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException)
        {
            Forget();
            throw;
        }
    }

    /// <summary>Looks again at the next call, after an error that says that the coordinator is another or gone.</summary>
    public void ForgetIfMoved(ErrorCode error)
    {
        if (error is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.NetworkException or ErrorCode.RequestTimedOut)
        {
            Forget();
        }
    }

    private void Forget()
    {
        lock (_lock)
        {
            _found = null;
        }
    }

    private async ValueTask<BrokerAddress> FindAsync(CancellationToken cancellationToken)
    {
        BrokerConnection broker = await cluster.AnyBrokerAsync(cancellationToken).ConfigureAwait(false);
        short version = broker.VersionOf<FindCoordinatorRequest>();
        var request = new FindCoordinatorRequest();
        if (version >= FirstBatchedVersion)
        {
            request.CoordinatorKeys.Add(groupId);
        }
        else
        {
            request.Key = groupId;
        }

        using LinkResponse<FindCoordinatorResponse> response = await broker
            .CallAsync<FindCoordinatorRequest, FindCoordinatorResponse>(request, version, cluster.Options.RequestTimeout, cancellationToken)
            .ConfigureAwait(false);
        return Read(response.Message, version, broker.Address.ToString());
    }

    private static BrokerAddress Read(FindCoordinatorResponse response, short version, string broker)
    {
        if (version < FirstBatchedVersion)
        {
            return response.ErrorCode == ErrorCode.None
                ? new BrokerAddress(response.Host, response.Port)
                : throw KafkaException.Of(response.ErrorCode, ApiKey.FindCoordinator, broker, response.ErrorMessage);
        }

        if (response.Coordinators.Count != 1)
        {
            throw KafkaException.Of(ErrorCode.CoordinatorNotAvailable, ApiKey.FindCoordinator, broker, "the answer names no coordinator");
        }

        FindCoordinatorResponse.Coordinator coordinator = response.Coordinators[0];
        return coordinator.ErrorCode == ErrorCode.None
            ? new BrokerAddress(coordinator.Host, coordinator.Port)
            : throw KafkaException.Of(coordinator.ErrorCode, ApiKey.FindCoordinator, broker, coordinator.ErrorMessage);
    }
}
