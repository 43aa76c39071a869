using System.Globalization;
using Ottla.Protocol;

namespace Ottla.Storage.Directories;

/// <summary>How Kafka names a log's directory: topic, dash, partition; with a suffix when the log is on its way out.</summary>
internal static class LogDirectoryName
{
    public const string DeletedSuffix = "-delete";
    public const string StraySuffix = "-stray";
    private const int MaxLength = 255;

    /// <summary>The log of a directory's name; false for directories that are none.</summary>
    public static bool TryParse(string name, out TopicPartition topicPartition)
    {
        int dash = name.LastIndexOf('-');
        topicPartition = default;
        if (dash <= 0 || !int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int partition))
        {
            return false;
        }

        topicPartition = new TopicPartition(name[..dash], new PartitionId(partition));
        return true;
    }

    /// <summary>The name of a directory that waits for its deletion; a long topic's name is cut.</summary>
    public static string ForDeletion(TopicPartition topicPartition, Guid unique) => For(topicPartition, unique, DeletedSuffix);

    /// <summary>The name of a directory that belongs to no topic and is kept; a long topic's name is cut.</summary>
    public static string ForStray(TopicPartition topicPartition, Guid unique) => For(topicPartition, unique, StraySuffix);

    private static string For(TopicPartition topicPartition, Guid unique, string ending)
    {
        string suffix = string.Create(CultureInfo.InvariantCulture, $"-{topicPartition.Partition.Value}.{unique:N}{ending}");
        return string.Concat(topicPartition.Topic.AsSpan(0, Math.Min(topicPartition.Topic.Length, MaxLength - suffix.Length)), suffix);
    }
}
