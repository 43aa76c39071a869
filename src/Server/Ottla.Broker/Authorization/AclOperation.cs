namespace Ottla.Broker.Authorization;

/// <summary>What a principal does to a resource, with Kafka's wire codes.</summary>
public enum AclOperation : sbyte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Matches any operation in a filter.</summary>
    Any = 1,

    /// <summary>Every operation.</summary>
    All = 2,

    /// <summary>Reads records or joins a group.</summary>
    Read = 3,

    /// <summary>Appends records.</summary>
    Write = 4,

    /// <summary>Creates a topic.</summary>
    Create = 5,

    /// <summary>Deletes a topic, a group or records.</summary>
    Delete = 6,

    /// <summary>Alters a topic or the cluster.</summary>
    Alter = 7,

    /// <summary>Sees that a resource exists and what it is.</summary>
    Describe = 8,

    /// <summary>What only brokers do to each other.</summary>
    ClusterAction = 9,

    /// <summary>Reads configurations.</summary>
    DescribeConfigs = 10,

    /// <summary>Changes configurations.</summary>
    AlterConfigs = 11,

    /// <summary>Asks for a producer id.</summary>
    IdempotentWrite = 12,

    /// <summary>Creates delegation tokens.</summary>
    CreateTokens = 13,

    /// <summary>Describes delegation tokens.</summary>
    DescribeTokens = 14,

    /// <summary>Takes part in a two-phase commit (KIP-939).</summary>
    TwoPhaseCommit = 15,
}
