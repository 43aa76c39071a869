namespace Ottla.Broker.Authorization;

/// <summary>
/// What an API asks of the principal that calls it. Every handler declares one. An operation on the cluster is checked by the router
/// before the handler runs; one on named resources is checked by the handler for each name with
/// <see cref="Requests.RequestContext.IsAuthorized"/>.
/// </summary>
public sealed record ApiAuthorization
{
    /// <summary>Kafka's only name of the resource type <see cref="ResourceType.Cluster"/>.</summary>
    public const string ClusterName = "kafka-cluster";

    private ApiAuthorization(AclOperation operation, ResourceType resource, bool isCheckedByRouter)
    {
        Operation = operation;
        Resource = resource;
        IsCheckedByRouter = isCheckedByRouter;
    }

    /// <summary>An API that anybody who is connected may call, such as ApiVersions.</summary>
    public static ApiAuthorization Anyone { get; } = new(AclOperation.Any, ResourceType.Any, isCheckedByRouter: false);

    /// <summary>The operation; <see cref="AclOperation.Any"/> when there is nothing to check.</summary>
    public AclOperation Operation { get; }

    /// <summary>The type of resource that the operation is about.</summary>
    public ResourceType Resource { get; }

    /// <summary>Whether the router checks it once a request; otherwise the handler does for each resource that the request names.</summary>
    public bool IsCheckedByRouter { get; }

    /// <summary>One check a request, on the cluster.</summary>
    public static ApiAuthorization OnCluster(AclOperation operation) => new(operation, ResourceType.Cluster, isCheckedByRouter: true);

    /// <summary>One check for each resource that a request names, made by the handler.</summary>
    public static ApiAuthorization OnEach(ResourceType resource, AclOperation operation) => new(operation, resource, isCheckedByRouter: false);
}
