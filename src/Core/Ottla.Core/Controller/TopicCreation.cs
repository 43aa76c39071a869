using System.Collections.Immutable;
using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Controller;

/// <summary>Decides CreateTopics: each topic by itself, so that one that is refused does not stop the others.</summary>
internal sealed class TopicCreation
{
    private readonly ControllerContext _context;
    private readonly CreateTopicsRequest _request;
    private readonly bool _capReplicationFactor;
    private readonly BrokerConfiguration _broker;
    private readonly List<MetadataRecord> _records = [];
    private readonly List<string> _created = [];
    private int _partitions;

    private TopicCreation(ControllerContext context, CreateTopicsRequest request, bool capReplicationFactor)
    {
        _context = context;
        _request = request;
        _capReplicationFactor = capReplicationFactor;
        _broker = context.ClusterConfiguration();
    }

    public static ControllerDecision Decide(ControllerContext context, CreateTopicsRequest request, bool capReplicationFactor)
    {
        TopicCreation creation = new(context, request, capReplicationFactor);
        CreateTopicsResponse response = creation.DecideAll();
        return new ControllerDecision(request.ValidateOnly ? [] : creation._records, response);
    }

    private CreateTopicsResponse DecideAll()
    {
        CreateTopicsResponse response = new();
        HashSet<string> seen = new(StringComparer.Ordinal);
        HashSet<string> duplicates = [.. _request.Topics.Select(static topic => topic.Name).Where(name => !seen.Add(name))];
        foreach (CreateTopicsRequest.CreatableTopic topic in _request.Topics)
        {
            if (!duplicates.Contains(topic.Name))
            {
                response.Topics.Add(Decide(topic));
            }
        }

        foreach (string name in duplicates)
        {
            response.Topics.Add(Refuse(name, new RequestProblem(ErrorCode.InvalidRequest, "Duplicate topic name.")));
        }

        return response;
    }

    private CreateTopicsResponse.CreatableTopicResult Decide(CreateTopicsRequest.CreatableTopic topic)
    {
        RequestProblem? problem = CheckName(topic.Name) ?? CheckConfigs(topic);
        if (problem is not null)
        {
            return Refuse(topic.Name, problem);
        }

        problem = topic.Assignments.Count > 0
            ? TakeAssignments(topic, out List<ImmutableArray<BrokerId>> replicas)
            : PlaceReplicas(topic, out replicas);
        return problem is null ? Create(topic, replicas) : Refuse(topic.Name, problem);
    }

    private RequestProblem? CheckName(string name)
    {
        if (name == TopicNames.ClusterMetadata)
        {
            return new RequestProblem(ErrorCode.InvalidRequest, $"Creation of internal topic {TopicNames.ClusterMetadata} is prohibited.");
        }

        if (TopicNames.Check(name) is { } invalid)
        {
            return new RequestProblem(ErrorCode.InvalidTopicException, invalid);
        }

        if (_context.Image.Topics.ByName.ContainsKey(name))
        {
            return new RequestProblem(ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
        }

        string? other = TopicNames.CanCollide(name)
            ? _context.Image.Topics.ByName.Keys.Concat(_created).FirstOrDefault(existing => TopicNames.Collide(name, existing))
            : null;
        return other is null ? null : new RequestProblem(ErrorCode.InvalidTopicException, $"Topic '{name}' collides with existing topic: {other}");
    }

    private static RequestProblem? CheckConfigs(CreateTopicsRequest.CreatableTopic topic)
    {
        string[] nulls = [.. topic.Configs.Where(static config => config.Value is null).Select(static config => config.Name)];
        if (nulls.Length > 0)
        {
            return new RequestProblem(ErrorCode.InvalidConfig, $"Null value not supported for topic configs: {string.Join(',', nulls)}");
        }

        string? invalid = TopicConfiguration.Check(Values(topic));
        return invalid is null ? null : new RequestProblem(ErrorCode.InvalidConfig, invalid);
    }

    private RequestProblem? TakeAssignments(CreateTopicsRequest.CreatableTopic topic, out List<ImmutableArray<BrokerId>> replicas)
    {
        replicas = [];
        if (topic.ReplicationFactor != -1)
        {
            return Invalid("A manual partition assignment was specified, but replication factor was not set to -1.");
        }

        if (topic.NumPartitions != -1)
        {
            return Invalid("A manual partition assignment was specified, but numPartitions was not set to -1.");
        }

        SortedDictionary<int, ImmutableArray<BrokerId>> byPartition = [];
        int? factor = null;
        foreach (CreateTopicsRequest.CreatableReplicaAssignment assignment in topic.Assignments)
        {
            if (byPartition.ContainsKey(assignment.PartitionIndex))
            {
                return Misassigned($"Found multiple manual partition assignments for partition {assignment.PartitionIndex}");
            }

            if (ManualAssignment.Check(_context.Image, assignment.BrokerIds, factor) is { } problem)
            {
                return problem;
            }

            factor = assignment.BrokerIds.Count;
            ImmutableArray<BrokerId> brokers = [.. assignment.BrokerIds.Select(static id => new BrokerId(id))];
            if (ManualAssignment.Active(_context.Image, brokers).IsEmpty)
            {
                return Misassigned($"All brokers specified in the manual partition assignment for partition {assignment.PartitionIndex} are fenced or in controlled shutdown.");
            }

            byPartition.Add(assignment.PartitionIndex, brokers);
        }

        replicas = [.. byPartition.Values];
        return byPartition.Keys.First() == 0 && byPartition.Keys.Last() == replicas.Count - 1
            ? CountPartitions(replicas.Count)
            : Misassigned("partitions should be a consecutive 0-based integer sequence");
    }

    private RequestProblem? PlaceReplicas(CreateTopicsRequest.CreatableTopic topic, out List<ImmutableArray<BrokerId>> replicas)
    {
        replicas = [];
        if (topic.ReplicationFactor is 0 or < -1)
        {
            return new RequestProblem(ErrorCode.InvalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.");
        }

        if (topic.NumPartitions is 0 or < -1)
        {
            return new RequestProblem(ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.");
        }

        int count = topic.NumPartitions == -1 ? _broker.Get(TopicDefaultKeys.NumPartitions) : topic.NumPartitions;
        int factor = topic.ReplicationFactor == -1 ? _broker.Get(TopicDefaultKeys.DefaultReplicationFactor) : topic.ReplicationFactor;
        if (_capReplicationFactor)
        {
            factor = Math.Max(1, Math.Min(factor, ReplicaPlacement.CountUsable(_context.Image)));
        }

        RequestProblem? problem = ReplicaPlacement.Check(_context.Image, factor) ?? CountPartitions(count);
        if (problem is null)
        {
            int rotation = _context.Image.Topics.ByName.Count + _created.Count;
            replicas = ReplicaPlacement.Place(_context.Image, count, factor, rotation);
        }

        return problem;
    }

    private RequestProblem? CountPartitions(int count)
    {
        if (count > NewPartitions.MaxPerRequest - _partitions)
        {
            return new RequestProblem(
                ErrorCode.PolicyViolation,
                $"Unable to perform excessively large batch operation: one request may create {NewPartitions.MaxPerRequest} partitions.");
        }

        _partitions += count;
        return null;
    }

    private CreateTopicsResponse.CreatableTopicResult Create(CreateTopicsRequest.CreatableTopic topic, List<ImmutableArray<BrokerId>> replicas)
    {
        TopicId id = _request.ValidateOnly ? TopicId.None : _context.TopicIds.Next();
        Dictionary<string, string> values = Values(topic);
        _records.Add(MetadataRecord.Of(new TopicRecord { Name = topic.Name, TopicId = id.Value }));
        foreach ((string name, string value) in values)
        {
            _records.Add(MetadataRecord.Of(new ConfigRecord
            {
                ResourceType = (sbyte)ConfigResourceType.Topic,
                ResourceName = topic.Name,
                Name = name,
                Value = value,
            }));
        }

        for (int partition = 0; partition < replicas.Count; partition++)
        {
            _records.Add(NewPartitions.Create(_context.Image, id, partition, replicas[partition]));
        }

        _created.Add(topic.Name);
        return new CreateTopicsResponse.CreatableTopicResult
        {
            Name = topic.Name,
            TopicId = id.Value,
            ErrorCode = ErrorCode.None,
            ErrorMessage = null,
            NumPartitions = replicas.Count,
            ReplicationFactor = (short)replicas[0].Length,
            Configs = Describe(values),
        };
    }

    private List<CreateTopicsResponse.CreatableTopicConfigs> Describe(Dictionary<string, string> values)
    {
        TopicConfiguration configuration = new(_broker, values);
        List<CreateTopicsResponse.CreatableTopicConfigs> result = new(TopicKeys.All.Count);
        foreach (ConfigurationKey key in TopicKeys.All.OrderBy(static key => key.Name, StringComparer.Ordinal))
        {
            ConfigurationEntry entry = configuration.Describe(key);
            result.Add(new CreateTopicsResponse.CreatableTopicConfigs
            {
                Name = key.Name,
                Value = key.IsSensitive ? null : entry.Value,
                ReadOnly = false,
                ConfigSource = (sbyte)entry.Source,
                IsSensitive = key.IsSensitive,
            });
        }

        return result;
    }

    private static CreateTopicsResponse.CreatableTopicResult Refuse(string name, RequestProblem problem) => new()
    {
        Name = name,
        ErrorCode = problem.Error,
        ErrorMessage = problem.Message,
        Configs = [],
    };

    private static RequestProblem Invalid(string message) => new(ErrorCode.InvalidRequest, message);

    private static RequestProblem Misassigned(string message) => new(ErrorCode.InvalidReplicaAssignment, message);

    /// <summary>The values of a topic; the last one of a key that is given twice counts. Nulls were refused before.</summary>
    private static Dictionary<string, string> Values(CreateTopicsRequest.CreatableTopic topic)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (CreateTopicsRequest.CreatableTopicConfig config in topic.Configs)
        {
            values[config.Name] = config.Value ?? string.Empty;
        }

        return values;
    }
}
