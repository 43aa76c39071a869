namespace Ottla.Core.Metadata;

/// <summary>The keys that name the record types of the metadata log, as Kafka numbers them.</summary>
public enum MetadataRecordType : short
{
    /// <summary>A broker registered.</summary>
    RegisterBroker = 0,

    /// <summary>A broker's registration was removed.</summary>
    UnregisterBroker = 1,

    /// <summary>A topic was created.</summary>
    Topic = 2,

    /// <summary>A partition was created, or in a snapshot: what it is.</summary>
    Partition = 3,

    /// <summary>One configuration value was set or removed.</summary>
    Config = 4,

    /// <summary>A partition's leader, replicas or in-sync replicas changed.</summary>
    PartitionChange = 5,

    /// <summary>An access control entry, which this release does not serve.</summary>
    AccessControlEntry = 6,

    /// <summary>A broker was fenced; written before <see cref="BrokerRegistrationChange"/> existed.</summary>
    FenceBroker = 7,

    /// <summary>A broker was unfenced; written before <see cref="BrokerRegistrationChange"/> existed.</summary>
    UnfenceBroker = 8,

    /// <summary>A topic was deleted.</summary>
    RemoveTopic = 9,

    /// <summary>A delegation token, which this release does not serve.</summary>
    DelegationToken = 10,

    /// <summary>A SCRAM credential, which this release does not serve.</summary>
    UserScramCredential = 11,

    /// <summary>A feature's finalized level.</summary>
    FeatureLevel = 12,

    /// <summary>A client quota, which this release does not serve.</summary>
    ClientQuota = 14,

    /// <summary>A block of producer ids was handed out.</summary>
    ProducerIds = 15,

    /// <summary>A broker was fenced, unfenced, or changed its log directories.</summary>
    BrokerRegistrationChange = 17,

    /// <summary>An access control entry was removed, which this release does not serve.</summary>
    RemoveAccessControlEntry = 19,

    /// <summary>Nothing; written so that the log's end moves.</summary>
    NoOp = 20,

    /// <summary>The state of a migration from ZooKeeper; written once by Kafka 3.4 to 3.9 and of no meaning afterwards.</summary>
    ZkMigrationState = 21,

    /// <summary>A SCRAM credential was removed, which this release does not serve.</summary>
    RemoveUserScramCredential = 22,

    /// <summary>A transaction of metadata records begins (KIP-868).</summary>
    BeginTransaction = 23,

    /// <summary>A transaction of metadata records is committed.</summary>
    EndTransaction = 24,

    /// <summary>A transaction of metadata records is aborted.</summary>
    AbortTransaction = 25,

    /// <summary>A delegation token was removed, which this release does not serve.</summary>
    RemoveDelegationToken = 26,

    /// <summary>A controller registered.</summary>
    RegisterController = 27,

    /// <summary>The eligible leader replicas of a topic, or of all, were cleared (KIP-966).</summary>
    ClearElr = 28,

    /// <summary>A controller that is gone was dropped (Kafka 4.4).</summary>
    UnregisterController = 29,
}
