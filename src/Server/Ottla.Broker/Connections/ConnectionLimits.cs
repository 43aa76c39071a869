using System.Net;

namespace Ottla.Broker.Connections;

/// <summary>Counts connections, in all and by address, and says who may come in. Thread-safe.</summary>
internal sealed class ConnectionLimits
{
    private readonly Lock _gate = new(); // guards _byAddress, _count and _roomWaiters
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private readonly List<TaskCompletionSource> _roomWaiters = [];
    private readonly ConnectionOptions _options;
    private int _count;

    public ConnectionLimits(ConnectionOptions options)
    {
        _options = options;
    }

    /// <summary>
    /// Waits while <c>max.connections</c> are open: as in Kafka, the next ones wait in the kernel's backlog.
    /// </summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource room;
            lock (_gate)
            {
                if (_count < _options.MaxConnections)
                {
                    return;
                }

                room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _roomWaiters.Add(room);
            }

            await room.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Counts a connection from <paramref name="address"/>; false when that address has as many as it may.</summary>
    public bool TryEnter(IPAddress address)
    {
        int limit = _options.MaxConnectionsOverrides.GetValueOrDefault(address.ToString(), _options.MaxConnectionsPerAddress);
        lock (_gate)
        {
            int open = _byAddress.GetValueOrDefault(address);
            if (open >= limit)
            {
                return false;
            }

            _byAddress[address] = open + 1;
            _count++;
            return true;
        }
    }

    /// <summary>Takes back what <see cref="TryEnter"/> counted.</summary>
    public void Leave(IPAddress address)
    {
        lock (_gate)
        {
            _count--;
            int open = _byAddress[address] - 1;
            if (open == 0)
            {
                _byAddress.Remove(address);
            }
            else
            {
                _byAddress[address] = open;
            }

            _roomWaiters.ForEach(static waiter => waiter.TrySetResult());
            _roomWaiters.Clear();
        }
    }
}
