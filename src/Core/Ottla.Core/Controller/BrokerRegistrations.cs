using System.Collections.Immutable;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Controller;

/// <summary>
/// Decides BrokerRegistration. On one node a broker that registers is alive, so it is registered unfenced. Unless it says that it was
/// shut down cleanly under the epoch that is registered, it leads its partitions anew: the end of its logs may be gone, and the
/// higher leader epoch is how clients find out (KIP-320).
/// </summary>
internal static class BrokerRegistrations
{
    public static ControllerDecision Decide(ControllerContext context, BrokerRegistrationRequest request, long brokerEpoch)
    {
        if (!string.Equals(request.ClusterId, context.Image.ClusterId, StringComparison.Ordinal))
        {
            return new ControllerDecision([], new BrokerRegistrationResponse { ErrorCode = ErrorCode.InconsistentClusterId });
        }

        BrokerId id = new(request.BrokerId);
        BrokerImage? previous = context.Image.Brokers.GetValueOrDefault(id);
        List<MetadataRecord> records = [Register(context, request, brokerEpoch)];
        bool wasClean = previous is not null && previous.Epoch == request.PreviousBrokerEpoch;
        foreach (TopicImage topic in context.Image.Topics.ByName.Values)
        {
            foreach (PartitionImage partition in topic.Partitions)
            {
                bool isUnled = partition.Leader == BrokerId.None;
                if ((isUnled || (partition.Leader == id && !wasClean)) && TryLead(partition, id) is { } change)
                {
                    change.TopicId = topic.Id.Value;
                    records.Add(MetadataRecord.Of(change, context.MetadataVersion));
                }
            }
        }

        return new ControllerDecision(records, new BrokerRegistrationResponse { BrokerEpoch = brokerEpoch });
    }

    /// <summary>
    /// Makes the broker leader where it may be one: it is in sync; or nobody is, and it has every committed record (KIP-966), which is
    /// how Kafka leaves the partitions of a node that stopped; or it was the last that was known to.
    /// </summary>
    private static PartitionChangeRecord? TryLead(PartitionImage partition, BrokerId id)
    {
        PartitionChangeRecord change = new() { PartitionId = partition.Id.Value, Leader = id.Value };
        if (partition.Isr.Contains(id))
        {
            return change;
        }

        bool isEligible = partition.EligibleLeaderReplicas?.Contains(id) ?? false;
        bool wasLast = partition.Isr.IsEmpty && partition.EligibleLeaderReplicas is null && partition.LastKnownElr is [var last, ..] && last == id;
        if (!isEligible && !wasLast)
        {
            return null;
        }

        change.Isr = [id.Value];
        change.EligibleLeaderReplicas = BrokerIdLists.ToRecord([.. (partition.EligibleLeaderReplicas ?? []).Where(other => other != id)]);
        change.LastKnownElr = [];
        change.LeaderRecoveryState = isEligible ? (sbyte)-1 : (sbyte)1;
        return change;
    }

    private static MetadataRecord Register(ControllerContext context, BrokerRegistrationRequest request, long brokerEpoch)
    {
        BrokerImage image = new()
        {
            Id = new BrokerId(request.BrokerId),
            Epoch = brokerEpoch,
            IncarnationId = request.IncarnationId,
            Endpoints = [.. request.Listeners.Select(static listener => new BrokerEndpoint(listener.Name, listener.Host, listener.Port, listener.SecurityProtocol))],
            Features = Features(request),
            Rack = request.Rack,
            LogDirectories = [.. request.LogDirs.Order()],
            CordonedLogDirectories = ImmutableArray<Guid>.Empty,
        };
        return MetadataRecord.Of(BrokerRecords.ToRecord(image, context.MetadataVersion), context.MetadataVersion);
    }

    private static ImmutableArray<SupportedFeature> Features(BrokerRegistrationRequest request) =>
        [.. request.Features
            .Select(static feature => new SupportedFeature(feature.Name, feature.MinSupportedVersion, feature.MaxSupportedVersion))
            .OrderBy(static feature => feature.Name, StringComparer.Ordinal)];
}
