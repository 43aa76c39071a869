namespace Ottla.Tests.Processes;

/// <summary>Which broker a suite runs against.</summary>
public enum BrokerKind
{
    /// <summary>The published file of this source tree.</summary>
    Ottla,

    /// <summary>The reference, where it lies beside the repository: proves that a test asks for what Kafka does.</summary>
    Kafka,
}
