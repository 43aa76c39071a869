using Ottla.Core.Configuration;
using Ottla.Core.Controller;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Controller;

/// <summary>A controller with its log in memory: every command is decided, its records appended, encoded, decoded and applied.</summary>
internal sealed class ControllerScenario
{
    public const string ClusterId = "AAAAAAAAQACAAAAAAAAAAQ";

    private readonly SequentialTopicIds _topicIds = new();
    private readonly BrokerConfiguration _configuration;
    private long _nextToken;

    private ControllerScenario(BrokerConfiguration configuration)
    {
        _configuration = configuration;
        Image = MetadataImage.Empty(ClusterId);
        Machine = new ControllerStateMachine(Image, configuration, _topicIds);
    }

    public ControllerStateMachine Machine { get; private set; }

    public MetadataImage Image { get; private set; }

    public MetadataDelta? LastDelta { get; private set; }

    /// <summary>The encoded values of all records so far; the index is the offset.</summary>
    public List<byte[]> Log { get; } = [];

    /// <summary>How many records the last command appended.</summary>
    public int LastAppended { get; private set; }

    public static ControllerScenario WithBrokers(int count, params (string Key, string Value)[] settings)
    {
        ControllerScenario scenario = new(Configuration(settings));
        scenario.Do<UpdateFeaturesResponse>(token => new ControllerCommand.Bootstrap(token));
        for (int id = 1; id <= count; id++)
        {
            Assert.Equal(ErrorCode.None, scenario.RegisterBroker(id).ErrorCode);
        }

        return scenario;
    }

    public TResponse Do<TResponse>(Func<RequestToken, ControllerCommand> command)
        where TResponse : IMessage
    {
        RequestToken token = new(_nextToken++);
        Decision<MetadataRecord, NoEvent, IMessage, NoTimer> decision = Machine.Decide(command(token), new Instant(1_000, 1_000));
        foreach (MetadataRecord record in decision.Records)
        {
            byte[] value = MetadataRecordCodec.Encode(record);
            Log.Add(value);
            Machine.ApplyRecord(MetadataRecordCodec.Decode(value));
        }

        LastAppended = decision.Records.Count;
        (LastDelta, Image) = Machine.TakeImage(Log.Count - 1, 1);
        Reply<IMessage> reply = Assert.Single(decision.Replies);
        Assert.Equal(token, reply.Token);
        return Assert.IsType<TResponse>(reply.Answer);
    }

    public BrokerRegistrationResponse RegisterBroker(int id, long previousEpoch = -1, string? rack = null, params Guid[] directories) =>
        Do<BrokerRegistrationResponse>(token => new ControllerCommand.RegisterBroker(
            token,
            new BrokerRegistrationRequest
            {
                BrokerId = id,
                ClusterId = ClusterId,
                IncarnationId = new Guid(Log.Count + 1, 0, 0, new byte[8]),
                Listeners = [new BrokerRegistrationRequest.Listener { Name = "PLAINTEXT", Host = "localhost", Port = (ushort)(9090 + id) }],
                Features = [new BrokerRegistrationRequest.Feature { Name = "metadata.version", MinSupportedVersion = 7, MaxSupportedVersion = 30 }],
                Rack = rack,
                LogDirs = directories.Length == 0 ? [new Guid(id, 1, 1, new byte[8])] : [.. directories],
                PreviousBrokerEpoch = previousEpoch,
            },
            Log.Count));

    public CreateTopicsResponse.CreatableTopicResult CreateTopic(
        string name,
        int partitions = -1,
        short replicationFactor = -1,
        params (string Key, string? Value)[] configs) =>
        Assert.Single(Create(new CreateTopicsRequest { Topics = [Topic(name, partitions, replicationFactor, configs)] }).Topics);

    public CreateTopicsResponse Create(CreateTopicsRequest request, bool capReplicationFactor = false) =>
        Do<CreateTopicsResponse>(token => new ControllerCommand.CreateTopics(token, request, capReplicationFactor));

    public static CreateTopicsRequest.CreatableTopic Topic(
        string name,
        int partitions = -1,
        short replicationFactor = -1,
        params (string Key, string? Value)[] configs) => new()
        {
            Name = name,
            NumPartitions = partitions,
            ReplicationFactor = replicationFactor,
            Configs = [.. configs.Select(config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Key, Value = config.Value })],
        };

    public TopicImage FindTopic(string name) =>
        Image.Topics.TryFind(name, out TopicImage? topic) ? topic : throw new InvalidOperationException($"There is no topic {name}.");

    /// <summary>A new controller that has read the log from its beginning.</summary>
    public MetadataImage Replay() => Replay(MetadataImage.Empty(ClusterId), 0);

    /// <summary>A new controller that has read the log from <paramref name="from"/> on top of <paramref name="image"/>.</summary>
    public MetadataImage Replay(MetadataImage image, int from)
    {
        ControllerStateMachine machine = new(image, _configuration, _topicIds);
        for (int offset = from; offset < Log.Count; offset++)
        {
            machine.ApplyRecord(MetadataRecordCodec.Decode(Log[offset]));
        }

        return machine.TakeImage(Log.Count - 1, 1).Image;
    }

    /// <summary>Goes on with a new controller that has read the log.</summary>
    public void Restart()
    {
        Image = Replay();
        LastDelta = null;
        Machine = new ControllerStateMachine(Image, _configuration, _topicIds);
    }

    private static BrokerConfiguration Configuration((string Key, string Value)[] settings)
    {
        ConfigurationLoad load = BrokerConfiguration.Load(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        Assert.Empty(load.Errors);
        return load.Configuration!; // No errors: there is a configuration.
    }

    private sealed class SequentialTopicIds : ITopicIdSource
    {
        private int _next;

        public TopicId Next() => new(new Guid(++_next, 7, 7, new byte[8]));
    }
}
