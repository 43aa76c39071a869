using System.Globalization;
using System.Text;
using Ottla.Protocol;
using Ottla.Storage.Files;

namespace Ottla.Storage.Checkpoints;

/// <summary>
/// <c>meta.properties</c>, version 1: to which cluster and node a log directory belongs, and the directory's own id (KIP-858).
/// </summary>
/// <param name="ClusterId">The cluster's id, as Kafka prints it.</param>
/// <param name="NodeId">The node's id.</param>
/// <param name="DirectoryId">The directory's id; null in directories formatted before KIP-858.</param>
public sealed record MetaProperties(string ClusterId, BrokerId NodeId, Guid? DirectoryId)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "meta.properties";

    /// <summary>Writes the file into a log directory, durably.</summary>
    public void Write(IFileSystem files, string directory)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"#\ncluster.id={ClusterId}\ndirectory.id={KafkaUuid.Format(DirectoryId ?? Guid.Empty)}\nnode.id={NodeId.Value}\nversion=1\n");
        AtomicFile.Write(files, Path.Combine(directory, FileName), Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Reads a log directory's file; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of another version.</exception>
    public static MetaProperties? Read(IFileSystem files, string directory)
    {
        string path = Path.Combine(directory, FileName);
        byte[]? content = AtomicFile.Read(files, path);
        if (content is null)
        {
            return null;
        }

        Dictionary<string, string> properties = ParseProperties(Encoding.UTF8.GetString(content));
        if (properties.GetValueOrDefault("version") != "1")
        {
            throw new InvalidDataException(
                $"{path} has version '{properties.GetValueOrDefault("version", "(none)")}'; only version 1, that of Kafka's KRaft mode, can be opened.");
        }

        if (!properties.TryGetValue("cluster.id", out string? clusterId)
            || !int.TryParse(properties.GetValueOrDefault("node.id"), NumberStyles.None, CultureInfo.InvariantCulture, out int nodeId))
        {
            throw new InvalidDataException($"{path} lacks cluster.id or node.id.");
        }

        Guid? directoryId = null;
        if (properties.TryGetValue("directory.id", out string? text))
        {
            directoryId = KafkaUuid.TryParse(text, out Guid id) ? id : throw new InvalidDataException($"{path} has the directory.id '{text}', which is no id.");
        }

        return new MetaProperties(clusterId, new BrokerId(nodeId), directoryId);
    }

    /// <summary>Java's properties format as far as ids and numbers need it: comments, '=' or ':' with blanks around, backslash escapes.</summary>
    private static Dictionary<string, string> ParseProperties(string text)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int separator = line.AsSpan().IndexOfAny('=', ':');
            if (line[0] is '#' or '!' || separator <= 0)
            {
                continue;
            }

            properties[line[..separator].TrimEnd()] = line[(separator + 1)..].TrimStart().Replace("\\", "", StringComparison.Ordinal);
        }

        return properties;
    }
}
