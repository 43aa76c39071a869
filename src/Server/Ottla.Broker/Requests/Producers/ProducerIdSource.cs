using Ottla.Protocol;

namespace Ottla.Broker.Requests.Producers;

/// <summary>
/// Gives out producer ids from a block that the controller handed to this broker, and fetches the next block when it is used up. Ids of
/// a block that was not used up before a stop are never given. Thread-safe.
/// </summary>
internal sealed class ProducerIdSource : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1); // guards _next and _end
    private readonly Func<CancellationToken, ValueTask<ProducerIdBlock>> _allocate;
    private long _next;
    private long _end;

    /// <param name="allocate">Asks the controller for a block.</param>
    public ProducerIdSource(Func<CancellationToken, ValueTask<ProducerIdBlock>> allocate)
    {
        _allocate = allocate;
    }

    /// <summary>The next id, or why there is none.</summary>
    public async ValueTask<(ErrorCode Error, ProducerId Id)> NextAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_next == _end)
            {
                ProducerIdBlock block = await _allocate(cancellationToken);
                if (block.Error != ErrorCode.None)
                {
                    return (block.Error, ProducerId.None);
                }

                (_next, _end) = (block.FirstId, block.FirstId + block.Count);
            }

            return (ErrorCode.None, new ProducerId(_next++));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
