namespace Ottla.Broker.Authorization;

/// <summary>What an operation is about, with Kafka's wire codes.</summary>
public enum ResourceType : sbyte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Matches any type in a filter.</summary>
    Any = 1,

    /// <summary>A topic, by name.</summary>
    Topic = 2,

    /// <summary>A group, by id.</summary>
    Group = 3,

    /// <summary>The cluster; its only name is <c>kafka-cluster</c>.</summary>
    Cluster = 4,

    /// <summary>A transactional id.</summary>
    TransactionalId = 5,

    /// <summary>A delegation token.</summary>
    DelegationToken = 6,

    /// <summary>A user, for tokens made on behalf of others.</summary>
    User = 7,
}
