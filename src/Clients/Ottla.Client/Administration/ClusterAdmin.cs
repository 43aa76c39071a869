using Ottla.Client.Connections;
using Ottla.Client.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Client.Administration;

/// <summary>Brokers and their disks. Thread-safe.</summary>
public sealed class ClusterAdmin
{
    private readonly AdminCaller _caller;

    internal ClusterAdmin(AdminCaller caller) => _caller = caller;

    /// <summary>The cluster's id, controller and brokers.</summary>
    public async ValueTask<ClusterDescription> DescribeAsync(CancellationToken cancellationToken = default)
    {
        await _caller.RetryAsync(token => _caller.Cluster.Metadata.RefreshAsync([], token), cancellationToken).ConfigureAwait(false);
        ClusterMetadata metadata = _caller.Cluster.Metadata.Current;
        return new ClusterDescription(
            metadata.ClusterId ?? string.Empty,
            metadata.Controller,
            [.. metadata.Brokers.Values.OrderBy(broker => broker.Id.Value)]);
    }

    /// <summary>The APIs that a broker serves, with their versions.</summary>
    public ValueTask<IReadOnlyDictionary<ApiKey, VersionRange>> ApiVersionsAsync(BrokerId broker, CancellationToken cancellationToken = default) =>
        _caller.AtBrokerAsync(
            broker,
            static (connection, _) => new ValueTask<IReadOnlyDictionary<ApiKey, VersionRange>>(connection.Versions.Ranges),
            cancellationToken);

    /// <summary>A broker's data directories and what is in them.</summary>
    public ValueTask<IReadOnlyList<LogDirectoryDescription>> LogDirectoriesAsync(BrokerId broker, CancellationToken cancellationToken = default) =>
        _caller.AtBrokerAsync(
            broker,
            (connection, token) => AdminCaller.SendAsync<DescribeLogDirsRequest, DescribeLogDirsResponse, IReadOnlyList<LogDirectoryDescription>>(
                connection, new DescribeLogDirsRequest { Topics = null }, response => Read(response, connection), token),
            cancellationToken);

    private static List<LogDirectoryDescription> Read(DescribeLogDirsResponse response, BrokerConnection broker)
    {
        AdminCaller.ThrowIfError(response.ErrorCode, ApiKey.DescribeLogDirs, broker, null);
        return response.Results
            .Select(result => new LogDirectoryDescription(
                result.LogDir,
                result.ErrorCode,
                result.TotalBytes,
                result.UsableBytes,
                result.Topics
                    .SelectMany(topic => topic.Partitions.Select(partition => (topic.Name, Partition: partition)))
                    .Where(entry => !entry.Partition.IsFutureKey)
                    .ToDictionary(
                        entry => new TopicPartition(entry.Name, new PartitionId(entry.Partition.PartitionIndex)),
                        entry => entry.Partition.PartitionSize)))
            .ToList();
    }
}
