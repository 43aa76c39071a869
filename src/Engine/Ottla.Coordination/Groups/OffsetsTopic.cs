namespace Ottla.Coordination.Groups;

/// <summary>The topic in which groups live.</summary>
public static class OffsetsTopic
{
    /// <summary>Its name, Kafka's.</summary>
    public const string Name = "__consumer_offsets";
}
