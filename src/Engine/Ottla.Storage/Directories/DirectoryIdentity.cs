using Ottla.Protocol;
using Ottla.Storage.Checkpoints;
using Ottla.Storage.Files;

namespace Ottla.Storage.Directories;

/// <summary>Decides from the <c>meta.properties</c> of all directories to which cluster the node belongs, and marks new directories.</summary>
internal static class DirectoryIdentity
{
    /// <summary>The cluster's id: that of the options, of the directories, or a new one; they must not contradict each other.</summary>
    /// <exception cref="LogDirectoryException">A directory belongs to another cluster or node, or its file is damaged.</exception>
    public static string FindClusterId(LogDirectoriesOptions options, IReadOnlyDictionary<string, MetaProperties?> found)
    {
        string? clusterId = options.ClusterId;
        string source = "the configuration";
        foreach ((string path, MetaProperties? properties) in found)
        {
            if (properties is null)
            {
                continue;
            }

            if (properties.NodeId != options.NodeId)
            {
                throw new LogDirectoryException(
                    $"{path} belongs to node {properties.NodeId}, but this is node {options.NodeId}. Set node.id={properties.NodeId}, or use another log directory.");
            }

            if (clusterId is not null && clusterId != properties.ClusterId)
            {
                throw new LogDirectoryException(
                    $"{path} belongs to cluster {properties.ClusterId}, but {source} says {clusterId}. Use another log directory, or that cluster's id.");
            }

            clusterId = properties.ClusterId;
            source = path;
        }

        return clusterId ?? KafkaUuid.Format(options.NewId());
    }

    /// <summary>Reads a directory's file.</summary>
    /// <exception cref="LogDirectoryException">The file is damaged.</exception>
    public static MetaProperties? Read(IFileSystem files, string path)
    {
        try
        {
            return MetaProperties.Read(files, path);
        }
        catch (InvalidDataException exception)
        {
            throw new LogDirectoryException(exception.Message, exception);
        }
    }

    /// <summary>Gives a directory its file, or the id that an older one lacks.</summary>
    public static Guid Complete(LogDirectoriesOptions options, string path, string clusterId, MetaProperties? found)
    {
        if (found?.DirectoryId is { } directoryId)
        {
            return directoryId;
        }

        Guid newId = options.NewId();
        new MetaProperties(clusterId, options.NodeId, newId).Write(options.Files, path);
        return newId;
    }
}
