using System.Text;
using Ottla.Protocol;
using Ottla.Storage.Files;

namespace Ottla.Storage.Checkpoints;

/// <summary><c>partition.metadata</c> in a log's directory: the id of the topic it belongs to (KIP-516).</summary>
public static class PartitionMetadataFile
{
    /// <summary>The file's name.</summary>
    public const string FileName = "partition.metadata";

    /// <summary>Writes the file, durably.</summary>
    public static void Write(IFileSystem files, string logDirectory, TopicId topicId) =>
        AtomicFile.Write(files, Path.Combine(logDirectory, FileName), Encoding.UTF8.GetBytes($"version: 0\ntopic_id: {topicId}\n"));

    /// <summary>The topic's id, or null when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static TopicId? Read(IFileSystem files, string logDirectory)
    {
        string path = Path.Combine(logDirectory, FileName);
        byte[]? content = AtomicFile.Read(files, path);
        if (content is null)
        {
            return null;
        }

        string[] lines = Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        const string idPrefix = "topic_id:";
        if (lines.Length == 2 && lines[0] == "version: 0" && lines[1].StartsWith(idPrefix, StringComparison.Ordinal)
            && KafkaUuid.TryParse(lines[1].AsSpan(idPrefix.Length).Trim(), out Guid id))
        {
            return new TopicId(id);
        }

        throw new InvalidDataException($"{path} is damaged: it should hold a version line and a topic_id line.");
    }
}
