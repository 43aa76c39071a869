using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Controller;

/// <summary>Decides AllocateProducerIds (KIP-730): blocks that never overlap, whatever restarts in between.</summary>
internal static class ProducerIdAllocation
{
    /// <summary>How many ids a broker gets at once.</summary>
    public const int BlockSize = 1000;

    public static ControllerDecision Decide(ControllerContext context, AllocateProducerIdsRequest request)
    {
        if (!context.Image.Brokers.TryGetValue(new BrokerId(request.BrokerId), out BrokerImage? broker) || broker.Epoch != request.BrokerEpoch)
        {
            return new ControllerDecision([], new AllocateProducerIdsResponse { ErrorCode = ErrorCode.StaleBrokerEpoch });
        }

        long first = context.Image.NextProducerId;
        if (first > long.MaxValue - BlockSize)
        {
            return new ControllerDecision([], new AllocateProducerIdsResponse { ErrorCode = ErrorCode.UnknownServerError });
        }

        MetadataRecord record = MetadataRecord.Of(new ProducerIdsRecord
        {
            BrokerId = request.BrokerId,
            BrokerEpoch = request.BrokerEpoch,
            NextProducerId = first + BlockSize,
        });
        return new ControllerDecision([record], new AllocateProducerIdsResponse { ProducerIdStart = first, ProducerIdLen = BlockSize });
    }
}
