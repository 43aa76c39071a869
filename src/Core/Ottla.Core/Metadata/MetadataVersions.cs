namespace Ottla.Core.Metadata;

/// <summary>The levels of the feature <c>metadata.version</c>, and what each level allows to write.</summary>
public static class MetadataVersions
{
    /// <summary>The feature's name.</summary>
    public const string FeatureName = "metadata.version";

    /// <summary>3.3-IV3, the lowest level that Kafka 4.x and this release run at.</summary>
    public const short Minimum = 7;

    /// <summary>4.3-IV0, the level at which a new cluster begins.</summary>
    public const short Latest = 30;

    private const short DirectoryAssignment = 17;
    private const short EligibleLeaderReplicas = 23;
    private const short CordonedLogDirectories = 30;

    /// <summary>The version in which <see cref="Ottla.Protocol.Stored.RegisterBrokerRecord"/> is written.</summary>
    public static short RegisterBrokerVersion(short level) => level switch
    {
        >= CordonedLogDirectories => 4,
        >= DirectoryAssignment => 3,
        _ => 1,
    };

    /// <summary>The version in which <see cref="Ottla.Protocol.Stored.BrokerRegistrationChangeRecord"/> is written.</summary>
    public static short BrokerRegistrationChangeVersion(short level) => level switch
    {
        >= CordonedLogDirectories => 3,
        >= DirectoryAssignment => 2,
        _ => 1,
    };

    /// <summary>The version in which <see cref="Ottla.Protocol.Stored.PartitionRecord"/> is written.</summary>
    public static short PartitionVersion(short level) => level switch
    {
        >= EligibleLeaderReplicas => 2,
        >= DirectoryAssignment => 1,
        _ => 0,
    };

    /// <summary>The version in which <see cref="Ottla.Protocol.Stored.PartitionChangeRecord"/> is written.</summary>
    public static short PartitionChangeVersion(short level) => PartitionVersion(level);

    /// <summary>The name that Kafka's tools give a level, such as <c>4.3-IV0</c>.</summary>
    public static string NameOf(short level) => level switch
    {
        7 => "3.3-IV3",
        8 => "3.4-IV0",
        9 => "3.5-IV0",
        10 => "3.5-IV1",
        11 => "3.5-IV2",
        12 => "3.6-IV0",
        13 => "3.6-IV1",
        14 => "3.6-IV2",
        15 => "3.7-IV0",
        16 => "3.7-IV1",
        17 => "3.7-IV2",
        18 => "3.7-IV3",
        19 => "3.7-IV4",
        20 => "3.8-IV0",
        21 => "3.9-IV0",
        22 => "4.0-IV0",
        23 => "4.0-IV1",
        24 => "4.0-IV2",
        25 => "4.0-IV3",
        26 => "4.1-IV0",
        27 => "4.1-IV1",
        28 => "4.2-IV0",
        29 => "4.2-IV1",
        30 => "4.3-IV0",
        _ => level.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
