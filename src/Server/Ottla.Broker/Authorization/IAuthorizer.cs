namespace Ottla.Broker.Authorization;

/// <summary>Decides what a principal may do. Implementations are thread-safe and do not block: they run on the request path.</summary>
public interface IAuthorizer
{
    /// <summary>Whether <paramref name="principal"/>, calling from <paramref name="clientHost"/>, may do <paramref name="operation"/>.</summary>
    bool IsAllowed(Principal principal, string clientHost, AclOperation operation, ResourceType resource, string resourceName);
}
