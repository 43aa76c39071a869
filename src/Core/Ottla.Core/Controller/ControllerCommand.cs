using Ottla.Protocol.Messages;

namespace Ottla.Core.Controller;

/// <summary>A request to the controller. Its answer is the response message of the same API.</summary>
/// <param name="Token">The request that waits for the answer.</param>
public abstract record ControllerCommand(RequestToken Token)
{
    /// <summary>Writes the first records of a new cluster. Answered with the empty <see cref="UpdateFeaturesResponse"/>.</summary>
    public sealed record Bootstrap(RequestToken Token) : ControllerCommand(Token);

    /// <summary>Registers a broker, or a new incarnation of it.</summary>
    /// <param name="Token">The request that waits for the answer.</param>
    /// <param name="Request">What the broker says of itself.</param>
    /// <param name="BrokerEpoch">The epoch it gets: the offset at which the registration will stand.</param>
    public sealed record RegisterBroker(RequestToken Token, BrokerRegistrationRequest Request, long BrokerEpoch) : ControllerCommand(Token);

    /// <summary>Creates topics.</summary>
    /// <param name="Token">The request that waits for the answer.</param>
    /// <param name="Request">What to create.</param>
    /// <param name="CapReplicationFactor">Whether a factor above the live brokers becomes their number: for internal topics only.</param>
    public sealed record CreateTopics(RequestToken Token, CreateTopicsRequest Request, bool CapReplicationFactor = false) : ControllerCommand(Token);

    /// <summary>Deletes topics; those given by name only are in <see cref="DeleteTopicsRequest.Topics"/> as well.</summary>
    public sealed record DeleteTopics(RequestToken Token, DeleteTopicsRequest Request) : ControllerCommand(Token);

    /// <summary>Adds partitions to topics.</summary>
    public sealed record CreatePartitions(RequestToken Token, CreatePartitionsRequest Request) : ControllerCommand(Token);

    /// <summary>Changes single configuration values (KIP-339).</summary>
    public sealed record IncrementalAlterConfigs(RequestToken Token, IncrementalAlterConfigsRequest Request) : ControllerCommand(Token);

    /// <summary>Replaces all configuration values of resources.</summary>
    public sealed record AlterConfigs(RequestToken Token, AlterConfigsRequest Request) : ControllerCommand(Token);

    /// <summary>Elects leaders (KIP-460).</summary>
    public sealed record ElectLeaders(RequestToken Token, ElectLeadersRequest Request) : ControllerCommand(Token);

    /// <summary>Starts or cancels reassignments (KIP-455).</summary>
    public sealed record AlterPartitionReassignments(RequestToken Token, AlterPartitionReassignmentsRequest Request) : ControllerCommand(Token);

    /// <summary>Hands out a block of producer ids (KIP-730).</summary>
    public sealed record AllocateProducerIds(RequestToken Token, AllocateProducerIdsRequest Request) : ControllerCommand(Token);

    /// <summary>Changes finalized feature levels (KIP-584).</summary>
    public sealed record UpdateFeatures(RequestToken Token, UpdateFeaturesRequest Request) : ControllerCommand(Token);
}
