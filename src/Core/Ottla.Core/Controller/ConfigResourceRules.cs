using System.Globalization;
using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;

namespace Ottla.Core.Controller;

/// <summary>Which resources can have configuration values, and which values each of them takes.</summary>
internal sealed class ConfigResourceRules
{
    private readonly ControllerContext _context;

    public ConfigResourceRules(ControllerContext context) => _context = context;

    /// <summary>Says why there are no values for what is no topic; null for a topic, and where there are.</summary>
    public RequestProblem? CheckKind(ConfigResource resource) => resource.Type switch
    {
        ConfigResourceType.Topic => null,
        ConfigResourceType.Broker => CheckBroker(resource.Name),
        ConfigResourceType.BrokerLogger => Invalid("Ottla has no loggers whose level could be changed over the network."),
        ConfigResourceType.ClientMetrics => Invalid("Ottla does not collect client metrics, so there is nothing to configure."),
        ConfigResourceType.Group => Invalid("Ottla has no groups that take configuration values of their own."),
        _ => Invalid($"Unknown resource type {(sbyte)resource.Type}"),
    };

    /// <summary>Says why no topic can have that name; null when one can, and for anything else.</summary>
    public static RequestProblem? CheckName(ConfigResource resource)
    {
        if (resource.Type != ConfigResourceType.Topic)
        {
            return null;
        }

        return resource.Name.Length == 0 ? Invalid("Default topic resources are not allowed.")
            : TopicNames.Check(resource.Name) is { } invalid ? new RequestProblem(ErrorCode.InvalidTopicException, invalid)
            : null;
    }

    /// <summary>Says that there is no such topic; null for one that there is, and for anything else.</summary>
    public RequestProblem? CheckExists(ConfigResource resource) =>
        resource.Type != ConfigResourceType.Topic || _context.Image.Topics.ByName.ContainsKey(resource.Name)
            ? null
            : new RequestProblem(ErrorCode.UnknownTopicOrPartition, $"The topic '{resource.Name}' does not exist.");

    /// <summary>Says why a change of single values is refused, before it is known what they become; null when it is not.</summary>
    public static RequestProblem? CheckChange(ConfigResource resource, IEnumerable<KeyValuePair<string, string?>> changes)
    {
        if (resource.Type != ConfigResourceType.Broker)
        {
            return null;
        }

        bool perBroker = resource.Name.Length > 0;
        foreach ((string name, string? value) in changes)
        {
            if (BrokerKeyCheck.CheckDynamic(name, value, perBroker) is { } problem)
            {
                bool immutable = BrokerKeys.Find(name) is { } key
                    && (key.UpdateMode == ConfigurationUpdateMode.ReadOnly || (key.UpdateMode == ConfigurationUpdateMode.PerBroker && !perBroker));
                return new RequestProblem(immutable ? ErrorCode.InvalidRequest : ErrorCode.InvalidConfig, problem);
            }
        }

        return null;
    }

    /// <summary>Says what is wrong with all the values that a resource would have; null when nothing is.</summary>
    public static RequestProblem? CheckValues(ConfigResource resource, IEnumerable<KeyValuePair<string, string>> values) =>
        resource.Type == ConfigResourceType.Topic && TopicConfiguration.Check(values) is { } problem
            ? new RequestProblem(ErrorCode.InvalidConfig, problem)
            : null;

    /// <summary>The key of a resource; null when it is not known.</summary>
    public static ConfigurationKey? FindKey(ConfigResource resource, string name) =>
        resource.Type == ConfigResourceType.Topic ? TopicKeys.Find(name) : BrokerKeys.Find(name);

    /// <summary>The value in force of a key, from wherever it comes: what a list is appended to.</summary>
    public string? ValueInForce(ConfigResource resource, ConfigurationKey key)
    {
        if (resource.Type == ConfigResourceType.Topic)
        {
            return new TopicConfiguration(_context.ClusterConfiguration(), _context.Image.Configs.For(resource)).Describe(key).Value;
        }

        return _context.Broker.WithDynamic(
            _context.Image.Configs.For(ConfigResource.ClusterDefault),
            _context.Image.Configs.For(resource)).Describe(key).Value;
    }

    private RequestProblem? CheckBroker(string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            return Invalid($"Node id must be an integer, but it is: {name}");
        }

        return _context.Image.Brokers.ContainsKey(new BrokerId(id))
            ? null
            : new RequestProblem(ErrorCode.BrokerIdNotRegistered, $"No broker with id {id} found.");
    }

    private static RequestProblem Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
