using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Controller;

/// <summary>
/// The controller: turns requests into records of the metadata log and into answers. Its state is the metadata image, which changes
/// only by records; after applying some, <see cref="TakeImage"/> comes before the next decision. Not thread-safe; a host owns it.
/// </summary>
public sealed class ControllerStateMachine : IReplicatedStateMachine<ControllerCommand, MetadataRecord, NoEvent, IMessage, NoTimer>
{
    private readonly BrokerConfiguration _broker;
    private readonly ITopicIdSource _topicIds;
    private MetadataImage _image;
    private MetadataDelta? _delta;
    private List<MetadataRecord>? _openTransaction;

    /// <summary>Begins with what <paramref name="image"/> says, which is empty or was loaded from a snapshot.</summary>
    /// <param name="image">The image to begin with.</param>
    /// <param name="broker">The broker's configuration as given at start.</param>
    /// <param name="topicIds">Where ids of new topics come from.</param>
    public ControllerStateMachine(MetadataImage image, BrokerConfiguration broker, ITopicIdSource topicIds)
    {
        _image = image;
        _broker = broker;
        _topicIds = topicIds;
    }

    /// <summary>Whether a transaction of records was begun and neither ended nor aborted.</summary>
    public bool HasOpenTransaction => _openTransaction is not null;

    /// <inheritdoc/>
    public Decision<MetadataRecord, NoEvent, IMessage, NoTimer> Decide(ControllerCommand command, Instant now)
    {
        if (_delta is not null)
        {
            throw new InvalidOperationException("Records were applied of which no image was taken yet.");
        }

        ControllerContext context = new(_image, _broker, _topicIds);
        ControllerDecision decision = command switch
        {
            ControllerCommand.Bootstrap => new ControllerDecision(FeatureUpdates.Bootstrap(), new UpdateFeaturesResponse()),
            ControllerCommand.RegisterBroker register => BrokerRegistrations.Decide(context, register.Request, register.BrokerEpoch),
            ControllerCommand.CreateTopics create => TopicCreation.Decide(context, create.Request, create.CapReplicationFactor),
            ControllerCommand.DeleteTopics delete => TopicDeletion.Decide(context, delete.Request),
            ControllerCommand.CreatePartitions create => PartitionGrowth.Decide(context, create.Request),
            ControllerCommand.IncrementalAlterConfigs alter => ConfigurationChanges.Decide(context, alter.Request),
            ControllerCommand.AlterConfigs alter => ConfigurationChanges.Decide(context, alter.Request),
            ControllerCommand.ElectLeaders elect => LeaderElection.Decide(context, elect.Request),
            ControllerCommand.AlterPartitionReassignments alter => PartitionReassignment.Decide(context, alter.Request),
            ControllerCommand.AllocateProducerIds allocate => ProducerIdAllocation.Decide(context, allocate.Request),
            ControllerCommand.UpdateFeatures update => FeatureUpdates.Decide(context, update.Request),
            _ => throw new ArgumentException($"The controller knows no command {command.GetType().Name}.", nameof(command)),
        };
        return new Decision<MetadataRecord, NoEvent, IMessage, NoTimer>
        {
            Records = decision.Records,
            Replies = [new Reply<IMessage>(command.Token, decision.Response, AfterCommit: true)],
        };
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidMetadataException">The record contradicts what the log said before.</exception>
    public void ApplyRecord(MetadataRecord record)
    {
        switch (record.Message)
        {
            // The records of a transaction count only once it has ended (KIP-868). Ottla writes each decision as one batch instead;
            // a log that Apache Kafka wrote has them.
            case BeginTransactionRecord:
                if (_openTransaction is not null)
                {
                    throw new InvalidMetadataException("A transaction of metadata records begins inside another one.");
                }

                _openTransaction = [];
                break;
            case EndTransactionRecord or AbortTransactionRecord:
                List<MetadataRecord> records = _openTransaction
                    ?? throw new InvalidMetadataException("A transaction of metadata records ends that was never begun.");
                _openTransaction = null;
                if (record.Message is EndTransactionRecord)
                {
                    records.ForEach(ApplyRecord);
                }

                break;
            default:
                if (_openTransaction is not null)
                {
                    _openTransaction.Add(record);
                }
                else
                {
                    (_delta ??= new MetadataDelta(_image)).Apply(record);
                }

                break;
        }
    }

    /// <inheritdoc/>
    public void ApplyEvent(NoEvent volatileEvent)
    {
    }

    /// <summary>Makes one image of all records applied since the last call, as of the given offset and epoch.</summary>
    /// <returns>The image, and what changed.</returns>
    public (MetadataDelta Delta, MetadataImage Image) TakeImage(long offset, int epoch)
    {
        MetadataDelta delta = _delta ?? new MetadataDelta(_image);
        _delta = null;
        _image = delta.ToImage(offset, epoch);
        return (delta, _image);
    }
}
