namespace Ottla.Core.Configuration;

/// <summary>
/// Keys of Apache Kafka for things that Ottla does not do yet, and that must not seem done: a value is an error, because to ignore it
/// would leave a door open that its owner believes closed, or lose what its owner believes kept.
/// </summary>
public static class RefusedKeys
{
    /// <summary>The keys, with the values that ask for nothing and are fine.</summary>
    public static IReadOnlyDictionary<string, string> Broker { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["authorizer.class.name"] = "",
        ["create.topic.policy.class.name"] = "",
        ["alter.config.policy.class.name"] = "",
        ["client.quota.callback.class"] = "",
        ["delegation.token.secret.key"] = "",
        ["remote.log.storage.system.enable"] = "false",
        ["transaction.two.phase.commit.enable"] = "false",
    };

    /// <summary>The same for topics.</summary>
    public static IReadOnlyDictionary<string, string> Topic { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["remote.storage.enable"] = "false",
    };
}
