using Ottla.Broker.Authorization;

namespace Ottla.Broker.Requests.Metadata;

/// <summary>The operations that a principal may do, as the bits in which responses name them (KIP-430).</summary>
internal static class AuthorizedOperations
{
    /// <summary>What a response says when nobody asked.</summary>
    public const int NotAsked = int.MinValue;

    private static readonly AclOperation[] OnTopics =
    [
        AclOperation.Read, AclOperation.Write, AclOperation.Create, AclOperation.Delete, AclOperation.Alter,
        AclOperation.Describe, AclOperation.DescribeConfigs, AclOperation.AlterConfigs,
    ];

    private static readonly AclOperation[] OnClusters =
    [
        AclOperation.Create, AclOperation.Alter, AclOperation.Describe, AclOperation.ClusterAction,
        AclOperation.DescribeConfigs, AclOperation.AlterConfigs, AclOperation.IdempotentWrite,
    ];

    private static readonly AclOperation[] OnGroups =
    [
        AclOperation.Read, AclOperation.Delete, AclOperation.Describe, AclOperation.DescribeConfigs, AclOperation.AlterConfigs,
    ];

    /// <summary>What may be done to a group.</summary>
    public static int OnGroup(RequestContext context, string groupId) => Bits(context, OnGroups, ResourceType.Group, groupId);

    /// <summary>What may be done to a topic.</summary>
    public static int OnTopic(RequestContext context, string topic) => Bits(context, OnTopics, ResourceType.Topic, topic);

    /// <summary>What may be done to the cluster.</summary>
    public static int OnCluster(RequestContext context) => Bits(context, OnClusters, ResourceType.Cluster, ApiAuthorization.ClusterName);

    private static int Bits(RequestContext context, AclOperation[] operations, ResourceType resource, string name)
    {
        int bits = 0;
        foreach (AclOperation operation in operations)
        {
            if (context.IsAuthorized(operation, resource, name))
            {
                bits |= 1 << (int)operation;
            }
        }

        return bits;
    }
}
