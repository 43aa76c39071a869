using System.Collections.Immutable;
using System.Globalization;
using Ottla.Broker.Requests.Metadata;
using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Description = Ottla.Protocol.Messages.DescribeConfigsResponse.DescribeConfigsResourceResult;

namespace Ottla.Broker.Requests.Configs;

/// <summary>What DescribeConfigs says of one resource. Made for one request.</summary>
internal sealed class ConfigDescriptions
{
    private const string UnknownType =
        "This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. "
        + "See the broker logs for more details.";

    private readonly MetadataImage _image;
    private readonly BrokerConfiguration _broker;
    private readonly BrokerId _self;
    private readonly DescribeConfigsRequest _request;
    private readonly short _version;
    private readonly bool _hasKnownTypes;

    public ConfigDescriptions(MetadataImage image, EffectiveConfiguration configuration, BrokerId self, DescribeConfigsRequest request, short version)
    {
        _image = image;
        _broker = configuration.Under(image);
        _self = self;
        _request = request;
        _version = version;

        // As in Kafka, a type that nobody knows fails the others of the request too.
        _hasKnownTypes = request.Resources.TrueForAll(static resource => (ConfigResourceType)resource.ResourceType
            is ConfigResourceType.Topic or ConfigResourceType.Broker or ConfigResourceType.BrokerLogger or ConfigResourceType.ClientMetrics or ConfigResourceType.Group);
    }

    /// <summary>Describes one resource.</summary>
    public DescribeConfigsResponse.DescribeConfigsResult Describe(DescribeConfigsRequest.DescribeConfigsResource resource)
    {
        DescribeConfigsResponse.DescribeConfigsResult result = new() { ResourceType = resource.ResourceType, ResourceName = resource.ResourceName };
        if (!_hasKnownTypes)
        {
            Refuse(result, ErrorCode.InvalidRequest, UnknownType);
            return result;
        }

        switch ((ConfigResourceType)resource.ResourceType)
        {
            case ConfigResourceType.Topic:
                DescribeTopic(resource, result);
                break;
            case ConfigResourceType.Broker:
                DescribeBroker(resource, result);
                break;
            case ConfigResourceType.BrokerLogger when NameOfOther(resource.ResourceName) is { } other:
                Refuse(result, ErrorCode.InvalidRequest, $"Unexpected broker id, expected {_self} but received {other}");
                break;
            case ConfigResourceType.BrokerLogger or ConfigResourceType.ClientMetrics or ConfigResourceType.Group:
                // There are none of their values here: log levels are not changed over the network, client metrics and groups with
                // values of their own are not served.
                break;
        }

        return result;
    }

    private void DescribeTopic(DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsResponse.DescribeConfigsResult result)
    {
        if (TopicNames.Check(resource.ResourceName) is { } invalid)
        {
            Refuse(result, ErrorCode.InvalidTopicException, invalid);
        }
        else if (!_image.Topics.ByName.ContainsKey(resource.ResourceName))
        {
            Refuse(result, ErrorCode.UnknownTopicOrPartition, string.Empty);
        }
        else
        {
            TopicConfiguration configuration = new(_broker, _image.Configs.ForTopic(resource.ResourceName));
            Add(resource, result, TopicKeys.All, configuration.Describe, isReadOnly: static _ => false);
        }
    }

    private void DescribeBroker(DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsResponse.DescribeConfigsResult result)
    {
        if (resource.ResourceName.Length == 0)
        {
            ImmutableSortedDictionary<string, string> values = _image.Configs.For(ConfigResource.ClusterDefault);
            IEnumerable<ConfigurationKey> set = BrokerKeys.All.Where(key => values.ContainsKey(key.Name));
            Add(resource, result, set, key => DescribeDefault(key, values[key.Name]), isReadOnly: static _ => false);
        }
        else if (int.TryParse(resource.ResourceName, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id == _self.Value)
        {
            Add(resource, result, BrokerKeys.All, _broker.Describe, static key => key.UpdateMode == ConfigurationUpdateMode.ReadOnly);
        }
        else if (!int.TryParse(resource.ResourceName, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            Refuse(result, ErrorCode.InvalidRequest, $"Broker id must be an integer, but it is: {resource.ResourceName}");
        }
        else
        {
            Refuse(result, ErrorCode.InvalidRequest, $"Unexpected broker id, expected {_self} or empty string, but received {resource.ResourceName}");
        }
    }

    /// <summary>The name of a broker, unless it is this one.</summary>
    private string? NameOfOther(string name) => name == _self.ToString() ? null : name;

    private static ConfigurationEntry DescribeDefault(ConfigurationKey key, string value)
    {
        string? shown = key.IsSensitive ? null : value;
        return new ConfigurationEntry(
            key,
            shown,
            ConfigurationSource.DynamicDefaultBroker,
            [new ConfigurationSynonym(key.Name, shown, ConfigurationSource.DynamicDefaultBroker)]);
    }

    private void Add(
        DescribeConfigsRequest.DescribeConfigsResource resource,
        DescribeConfigsResponse.DescribeConfigsResult result,
        IEnumerable<ConfigurationKey> keys,
        Func<ConfigurationKey, ConfigurationEntry> describe,
        Func<ConfigurationKey, bool> isReadOnly)
    {
        HashSet<string>? wanted = resource.ConfigurationKeys is { Count: > 0 } names ? [.. names] : null;
        foreach (ConfigurationKey key in keys)
        {
            if (wanted is null || wanted.Contains(key.Name))
            {
                result.Configs.Add(Describe(key, describe(key), isReadOnly(key)));
            }
        }
    }

    private Description Describe(ConfigurationKey key, ConfigurationEntry entry, bool isReadOnly)
    {
        Description description = new()
        {
            Name = key.Name,
            Value = key.IsSensitive ? null : entry.Value,
            ReadOnly = isReadOnly,
            IsSensitive = key.IsSensitive,
            ConfigSource = (sbyte)entry.Source,
            ConfigType = (sbyte)key.Type,
        };
        if (_version == 0)
        {
            description.IsDefault = entry.Source == ConfigurationSource.Default;
        }

        description.Documentation = _request.IncludeDocumentation ? key.Documentation : null;

        if (_request.IncludeSynonyms && _version >= 1)
        {
            description.Synonyms = [.. entry.Synonyms.Select(static synonym => new DescribeConfigsResponse.DescribeConfigsSynonym
            {
                Name = synonym.Name,
                Value = synonym.Value,
                Source = (sbyte)synonym.Source,
            })];
        }

        return description;
    }

    private static void Refuse(DescribeConfigsResponse.DescribeConfigsResult result, ErrorCode error, string message)
    {
        result.ErrorCode = error;
        result.ErrorMessage = message;
    }
}
