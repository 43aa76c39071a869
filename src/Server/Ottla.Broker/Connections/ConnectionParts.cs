using Microsoft.Extensions.Logging;
using Ottla.Broker.Requests;

namespace Ottla.Broker.Connections;

/// <summary>What all connections of a broker share.</summary>
internal sealed record ConnectionParts
{
    public required ConnectionOptions Options { get; init; }

    public required RequestDecoder Decoder { get; init; }

    public required RequestRouter Router { get; init; }

    public required DiskThreads DiskThreads { get; init; }

    public required RequestMemoryBudget Budget { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public required ILogger Logger { get; init; }
}
