namespace Ottla.Broker.Authorization;

/// <summary>Who sent a request.</summary>
/// <param name="PrincipalType">Kafka's kind of principal, <c>User</c>.</param>
/// <param name="Name">The name within that kind.</param>
public sealed record Principal(string PrincipalType, string Name)
{
    /// <summary>Who comes through a listener without authentication.</summary>
    public static Principal Anonymous { get; } = new("User", "ANONYMOUS");

    /// <summary>As Kafka's tools print it: <c>User:ANONYMOUS</c>.</summary>
    public override string ToString() => $"{PrincipalType}:{Name}";
}
