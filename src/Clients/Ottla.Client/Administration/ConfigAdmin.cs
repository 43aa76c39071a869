using System.Globalization;
using Ottla.Client.Connections;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Client.Administration;

/// <summary>Configuration of topics and brokers. Thread-safe.</summary>
public sealed class ConfigAdmin
{
    private readonly AdminCaller _caller;

    internal ConfigAdmin(AdminCaller caller) => _caller = caller;

    /// <summary>All keys of a resource with their values, in order of their names.</summary>
    /// <param name="kind">What the resource is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="includeDocumentation">Whether the broker is to say what each key means.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public ValueTask<IReadOnlyList<ConfigEntry>> DescribeAsync(
        ConfigResourceKind kind, string name, bool includeDocumentation = false, CancellationToken cancellationToken = default) =>
        CallAsync(
            kind,
            name,
            (broker, token) =>
            {
                var request = new DescribeConfigsRequest
                {
                    Resources =
                    [
                        new DescribeConfigsRequest.DescribeConfigsResource { ResourceType = (sbyte)kind, ResourceName = name, ConfigurationKeys = null },
                    ],
                    IncludeDocumentation = includeDocumentation && broker.VersionOf<DescribeConfigsRequest>() >= 3,
                };
                return AdminCaller.SendAsync<DescribeConfigsRequest, DescribeConfigsResponse, IReadOnlyList<ConfigEntry>>(
                    broker, request, response => Read(response, broker, name), token);
            },
            cancellationToken);

    /// <summary>Changes keys of a resource: all of them, or none.</summary>
    /// <param name="kind">What the resource is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="validateOnly">Whether only to find out what would happen.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public async ValueTask AlterAsync(
        ConfigResourceKind kind,
        string name,
        IReadOnlyList<ConfigChange> changes,
        bool validateOnly = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var request = new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new IncrementalAlterConfigsRequest.AlterConfigsResource
                {
                    ResourceType = (sbyte)kind,
                    ResourceName = name,
                    Configs = changes
                        .Select(change => new IncrementalAlterConfigsRequest.AlterableConfig
                        {
                            Name = change.Name,
                            ConfigOperation = (sbyte)change.Operation,
                            Value = change.Value,
                        })
                        .ToList(),
                },
            ],
            ValidateOnly = validateOnly,
        };
        await CallAsync(
            kind,
            name,
            (broker, token) => AdminCaller.SendAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, bool>(
                broker,
                request,
                response =>
                {
                    foreach (IncrementalAlterConfigsResponse.AlterConfigsResourceResponse result in response.Responses)
                    {
                        AdminCaller.ThrowIfError(result.ErrorCode, ApiKey.IncrementalAlterConfigs, broker, result.ErrorMessage ?? name);
                    }

                    return true;
                },
                token),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A broker speaks for its own configuration; any may speak for the rest.</summary>
    private ValueTask<T> CallAsync<T>(
        ConfigResourceKind kind, string name, Func<BrokerConnection, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        kind is ConfigResourceKind.Broker or ConfigResourceKind.BrokerLogger
            && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int brokerId)
            ? _caller.AtBrokerAsync(new BrokerId(brokerId), call, cancellationToken)
            : _caller.AnywhereAsync(call, cancellationToken);

    private static List<ConfigEntry> Read(DescribeConfigsResponse response, BrokerConnection broker, string name)
    {
        var entries = new List<ConfigEntry>();
        foreach (DescribeConfigsResponse.DescribeConfigsResult result in response.Results)
        {
            AdminCaller.ThrowIfError(result.ErrorCode, ApiKey.DescribeConfigs, broker, result.ErrorMessage ?? name);
            entries.AddRange(result.Configs.Select(config => new ConfigEntry(
                config.Name,
                config.Value,
                ToSource(config),
                config.ReadOnly,
                config.IsSensitive,
                config.Documentation)));
        }

        entries.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return entries;
    }

    private static ConfigSource ToSource(DescribeConfigsResponse.DescribeConfigsResourceResult config) =>
        config.ConfigSource >= 0 ? (ConfigSource)config.ConfigSource
        : config.IsDefault ? ConfigSource.Default
        : ConfigSource.Unknown;
}
