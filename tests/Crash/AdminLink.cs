using System.Text;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Records;
using Ottla.Transport.Links;

namespace Ottla.Crash.Tests;

/// <summary>
/// Admin requests, each sent once and never again: whoever gets no answer knows that the change is there or is not. Every method throws
/// <see cref="LinkException"/> when the broker is gone.
/// </summary>
internal sealed class AdminLink : IAsyncDisposable
{
    private const sbyte TopicResource = 2, DynamicTopicConfig = 1;
    private const sbyte SetConfig = 0, DeleteConfig = 1;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly BrokerLink _link;

    private AdminLink(BrokerLink link) => _link = link;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<AdminLink> ConnectAsync(int port) =>
        new(await BrokerLink.ConnectAsync("127.0.0.1", port, new BrokerLinkOptions { ClientId = "admin" }, Cancellation));

    public async Task CreateTopicsAsync(IEnumerable<(string Name, TopicState State)> topics)
    {
        CreateTopicsRequest request = new()
        {
            Topics = [.. topics.Select(static topic => new CreateTopicsRequest.CreatableTopic
            {
                Name = topic.Name,
                NumPartitions = topic.State.PartitionCount,
                ReplicationFactor = 1,
                Configs = [.. topic.State.Configs.Select(static config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Key, Value = config.Value })],
            })],
        };
        CreateTopicsResponse response = await AskAsync<CreateTopicsRequest, CreateTopicsResponse>(request, 7);
        Assert.All(response.Topics, static topic => Assert.Equal(ErrorCode.None, topic.ErrorCode));
    }

    public async Task DeleteTopicAsync(string name)
    {
        DeleteTopicsRequest request = new() { Topics = [new() { Name = name }], TimeoutMs = 30_000 };
        DeleteTopicsResponse response = await AskAsync<DeleteTopicsRequest, DeleteTopicsResponse>(request, 6);
        Assert.Equal(ErrorCode.None, Assert.Single(response.Responses).ErrorCode);
    }

    public async Task CreatePartitionsAsync(string name, int count)
    {
        CreatePartitionsRequest request = new() { Topics = [new() { Name = name, Count = count, Assignments = null }], TimeoutMs = 30_000 };
        CreatePartitionsResponse response = await AskAsync<CreatePartitionsRequest, CreatePartitionsResponse>(request, 3);
        Assert.Equal(ErrorCode.None, Assert.Single(response.Results).ErrorCode);
    }

    /// <summary>Sets each value; null takes the key away.</summary>
    public async Task AlterConfigsAsync(string topic, IEnumerable<(string Name, string? Value)> changes)
    {
        IncrementalAlterConfigsRequest request = new()
        {
            Resources =
            [
                new()
                {
                    ResourceType = TopicResource,
                    ResourceName = topic,
                    Configs = [.. changes.Select(static change => new IncrementalAlterConfigsRequest.AlterableConfig
                    {
                        Name = change.Name,
                        Value = change.Value,
                        ConfigOperation = change.Value is null ? DeleteConfig : SetConfig,
                    })],
                },
            ],
        };
        IncrementalAlterConfigsResponse response = await AskAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(request, 1);
        Assert.Equal(ErrorCode.None, Assert.Single(response.Responses).ErrorCode);
    }

    /// <summary>Appends one record.</summary>
    public Task ProduceAsync(string topic, int partition) => ProduceAsync(topic, partition, ["value"]);

    /// <summary>Appends records in one batch.</summary>
    public async Task ProduceAsync(string topic, int partition, IEnumerable<string> values)
    {
        using var batch = new RecordBatchBuilder(RecordBatchOptions.Default);
        foreach (string value in values)
        {
            batch.Append(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), NullableBytes.Null, Encoding.UTF8.GetBytes(value));
        }

        ProduceRequest request = new()
        {
            Acks = 1,
            TimeoutMs = 30_000,
            TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = batch.Build() }] }],
        };
        ProduceResponse response = await AskAsync<ProduceRequest, ProduceResponse>(request, 9);
        Assert.Equal(ErrorCode.None, Assert.Single(Assert.Single(response.Responses).PartitionResponses).ErrorCode);
    }

    /// <summary>Every topic of a user with its id, as Metadata, DescribeConfigs and ListOffsets together say.</summary>
    public async Task<Dictionary<string, (Guid Id, TopicState State)>> DescribeAsync()
    {
        MetadataResponse metadata = await AskAsync<MetadataRequest, MetadataResponse>(new MetadataRequest { Topics = null }, 12);
        MetadataResponse.MetadataResponseTopic[] topics = [.. metadata.Topics.Where(static topic => !topic.IsInternal)];
        if (topics.Length == 0)
        {
            return [];
        }

        Dictionary<string, TopicState> configured = await ConfigsAsync(topics.Select(static topic => topic.Name!));
        Dictionary<string, TopicState> ends = await EndOffsetsAsync(topics);
        return topics.ToDictionary(static topic => topic.Name!, topic => (topic.TopicId, ends[topic.Name!] with { Configs = configured[topic.Name!].Configs }));
    }

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    /// <summary>Fetches from one offset on: the error, and a copy of the batches.</summary>
    public async Task<(ErrorCode Error, byte[] Batches)> FetchAsync(string topic, int partition, long offset)
    {
        FetchRequest request = new()
        {
            ReplicaId = -1,
            MinBytes = 1,
            MaxBytes = 1 << 20,
            SessionEpoch = -1,
            Topics = [new() { Topic = topic, Partitions = [new() { Partition = partition, FetchOffset = offset, PartitionMaxBytes = 1 << 20 }] }],
        };
        using LinkResponse<FetchResponse> response = await _link.SendAsync<FetchRequest, FetchResponse>(request, 12, Limit, Cancellation);
        FetchResponse.PartitionData answer = Assert.Single(Assert.Single(response.Message.Responses).Partitions);
        return (answer.ErrorCode, answer.Records?.ToArray() ?? []);
    }

    /// <summary>Sends any other request. Byte fields of the answer are not to be used.</summary>
    public async Task<TResponse> AskAsync<TRequest, TResponse>(TRequest request, short version)
        where TRequest : IApiMessage<TRequest>
        where TResponse : IApiMessage<TResponse>
    {
        using LinkResponse<TResponse> response = await _link.SendAsync<TRequest, TResponse>(request, version, Limit, Cancellation);
        return response.Message;
    }

    private async Task<Dictionary<string, TopicState>> ConfigsAsync(IEnumerable<string> topics)
    {
        DescribeConfigsRequest request = new()
        {
            Resources = [.. topics.Select(static topic => new DescribeConfigsRequest.DescribeConfigsResource { ResourceType = TopicResource, ResourceName = topic, ConfigurationKeys = null })],
        };
        DescribeConfigsResponse response = await AskAsync<DescribeConfigsRequest, DescribeConfigsResponse>(request, 4);
        Assert.All(response.Results, static result => Assert.Equal(ErrorCode.None, result.ErrorCode));
        return response.Results.ToDictionary(static result => result.ResourceName, static result => TopicState.Of(0) with
        {
            Configs = TopicState.Sorted(result.Configs.Where(static config => config.ConfigSource == DynamicTopicConfig).Select(static config => (config.Name, config.Value!))),
        });
    }

    private async Task<Dictionary<string, TopicState>> EndOffsetsAsync(IEnumerable<MetadataResponse.MetadataResponseTopic> topics)
    {
        const long Latest = -1;
        ListOffsetsRequest request = new()
        {
            ReplicaId = -1,
            Topics = [.. topics.Select(static topic => new ListOffsetsRequest.ListOffsetsTopic
            {
                Name = topic.Name!,
                Partitions = [.. topic.Partitions.Select(static partition => new ListOffsetsRequest.ListOffsetsPartition { PartitionIndex = partition.PartitionIndex, Timestamp = Latest })],
            })],
        };
        ListOffsetsResponse response = await AskAsync<ListOffsetsRequest, ListOffsetsResponse>(request, 7);
        Assert.All(response.Topics, static topic => Assert.All(topic.Partitions, partition => Assert.True(
            partition.ErrorCode == ErrorCode.None, $"{topic.Name}-{partition.PartitionIndex}: {partition.ErrorCode}")));
        return response.Topics.ToDictionary(static topic => topic.Name, static topic => TopicState.Of(0) with
        {
            EndOffsets = [.. topic.Partitions.OrderBy(static partition => partition.PartitionIndex).Select(static partition => partition.Offset)],
        });
    }
}
