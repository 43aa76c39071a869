namespace Ottla.Broker.Authorization;

/// <summary>Allows everything, as a Kafka broker without <c>authorizer.class.name</c> does.</summary>
public sealed class AllowAllAuthorizer : IAuthorizer
{
    /// <inheritdoc/>
    public bool IsAllowed(Principal principal, string clientHost, AclOperation operation, ResourceType resource, string resourceName) => true;
}
