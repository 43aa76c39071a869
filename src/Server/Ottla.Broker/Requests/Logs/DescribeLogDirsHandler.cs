// DescribeLogDirs 0-5.
// 0 answers the size of each partition by directory (KIP-113); 1 changes nothing; 2 is flexible; 3 adds an error for the whole; 4 the size
// of the volume (KIP-827); 5 whether a directory is cordoned (KIP-1066), which none is.
// Errors: CLUSTER_AUTHORIZATION_FAILED for the whole; KAFKA_STORAGE_ERROR for a directory that is offline.

using Ottla.Broker.Authorization;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Replication.Partitions;
using Ottla.Storage.Directories;

namespace Ottla.Broker.Requests.Logs;

/// <summary>Tells which log directory holds which partitions, and how large they are.</summary>
internal sealed class DescribeLogDirsHandler : RequestHandler<DescribeLogDirsRequest, DescribeLogDirsResponse>
{
    private readonly LogDirectories _directories;
    private readonly PartitionSet _partitions;

    public DescribeLogDirsHandler(LogDirectories directories, PartitionSet partitions)
    {
        _directories = directories;
        _partitions = partitions;
    }

    /// <inheritdoc/>
    public override ApiAuthorization Authorization => ApiAuthorization.OnCluster(AclOperation.Describe);

    /// <inheritdoc/>
    public override ValueTask<DescribeLogDirsResponse?> HandleAsync(
        DescribeLogDirsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var response = new DescribeLogDirsResponse();
        ILookup<LogDirectory, Partition> byDirectory = Asked(request).ToLookup(static partition => partition.Log.Directory);
        foreach (LogDirectory directory in _directories.Directories)
        {
            response.Results.Add(Describe(directory, byDirectory[directory]));
        }

        return new ValueTask<DescribeLogDirsResponse?>(response);
    }

    /// <inheritdoc/>
    protected override DescribeLogDirsResponse? FailAll(DescribeLogDirsRequest request, ErrorCode error, RequestContext context) =>
        new() { ErrorCode = error };

    private IEnumerable<Partition> Asked(DescribeLogDirsRequest request) =>
        request.Topics is null
            ? _partitions.All
            : request.Topics
                .SelectMany(topic => topic.Partitions.Distinct().Select(index => _partitions.FindTopic(topic.Topic)?.Find(index)))
                .OfType<Partition>()
                .Distinct();

    private static DescribeLogDirsResponse.DescribeLogDirsResult Describe(LogDirectory directory, IEnumerable<Partition> partitions)
    {
        if (directory.State == LogDirectoryState.Offline)
        {
            return new DescribeLogDirsResponse.DescribeLogDirsResult { LogDir = directory.Path, ErrorCode = ErrorCode.KafkaStorageError };
        }

        var result = new DescribeLogDirsResponse.DescribeLogDirsResult { LogDir = directory.Path };
        if (directory.Space is { } space)
        {
            (result.TotalBytes, result.UsableBytes) = (space.TotalBytes, space.FreeBytes);
        }

        foreach (IGrouping<string, Partition> topic in partitions.GroupBy(static partition => partition.TopicPartition.Topic))
        {
            var answer = new DescribeLogDirsResponse.DescribeLogDirsTopic { Name = topic.Key };
            answer.Partitions.AddRange(topic.Select(static partition => new DescribeLogDirsResponse.DescribeLogDirsPartition
            {
                PartitionIndex = partition.TopicPartition.Partition.Value,
                PartitionSize = partition.Log.SizeInBytes,
                OffsetLag = Math.Max(0, partition.HighWatermark - partition.Log.LogEndOffset),
            }));
            result.Topics.Add(answer);
        }

        return result;
    }
}
