using Ottla.Broker.Authorization;
using Ottla.Core.Metadata;
using Ottla.Protocol;

namespace Ottla.Broker.Requests.Configs;

/// <summary>Who may see and change the values of a resource: a topic's go by the topic, all others by the cluster.</summary>
internal static class ConfigAuthorization
{
    /// <summary>The error that refuses, or <see cref="ErrorCode.None"/>.</summary>
    public static ErrorCode Check(RequestContext context, AclOperation operation, sbyte resourceType, string resourceName)
    {
        if (resourceType == (sbyte)ConfigResourceType.Topic)
        {
            return context.IsAuthorized(operation, ResourceType.Topic, resourceName) ? ErrorCode.None : ErrorCode.TopicAuthorizationFailed;
        }

        return context.IsAuthorized(operation, ResourceType.Cluster, ApiAuthorization.ClusterName)
            ? ErrorCode.None
            : ErrorCode.ClusterAuthorizationFailed;
    }
}
