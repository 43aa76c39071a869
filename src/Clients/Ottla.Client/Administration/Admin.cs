using Ottla.Client.Connections;

namespace Ottla.Client.Administration;

/// <summary>
/// Looks after a cluster. All calls retry what may pass within <see cref="OttlaClientOptions.CallTimeout"/>, fail with
/// <see cref="KafkaException"/>, and are thread-safe.
/// </summary>
public sealed class Admin
{
    internal Admin(Cluster cluster)
    {
        var caller = new AdminCaller(cluster);
        Topics = new TopicAdmin(caller);
        Configs = new ConfigAdmin(caller);
        Groups = new GroupAdmin(caller);
        Cluster = new ClusterAdmin(caller);
    }

    /// <summary>Topics, their partitions and offsets.</summary>
    public TopicAdmin Topics { get; }

    /// <summary>Configuration of topics and brokers.</summary>
    public ConfigAdmin Configs { get; }

    /// <summary>Consumer groups and their offsets.</summary>
    public GroupAdmin Groups { get; }

    /// <summary>Brokers and their disks.</summary>
    public ClusterAdmin Cluster { get; }
}
