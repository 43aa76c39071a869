using System.Collections.Immutable;
using Ottla.Core.Configuration;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Controller;

/// <summary>Decides IncrementalAlterConfigs and AlterConfigs: each resource as a whole or not at all.</summary>
internal sealed class ConfigurationChanges
{
    private readonly ControllerContext _context;
    private readonly ConfigResourceRules _rules;
    private readonly List<MetadataRecord> _records = [];

    private ConfigurationChanges(ControllerContext context)
    {
        _context = context;
        _rules = new ConfigResourceRules(context);
    }

    public static ControllerDecision Decide(ControllerContext context, IncrementalAlterConfigsRequest request)
    {
        ConfigurationChanges changes = new(context);
        IncrementalAlterConfigsResponse response = new();
        HashSet<ConfigResource> duplicates = Duplicates(request.Resources.Select(static resource => Resource(resource.ResourceType, resource.ResourceName)));
        foreach (IncrementalAlterConfigsRequest.AlterConfigsResource requested in request.Resources)
        {
            ConfigResource resource = Resource(requested.ResourceType, requested.ResourceName);
            RequestProblem? problem = CheckOnce(resource, duplicates, requested.Configs.Select(static config => config.Name))
                ?? changes.Change(resource, requested.Configs);
            response.Responses.Add(new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse
            {
                ErrorCode = problem?.Error ?? ErrorCode.None,
                ErrorMessage = problem?.Message,
                ResourceType = requested.ResourceType,
                ResourceName = requested.ResourceName,
            });
        }

        return new ControllerDecision(request.ValidateOnly ? [] : changes._records, response);
    }

    public static ControllerDecision Decide(ControllerContext context, AlterConfigsRequest request)
    {
        ConfigurationChanges changes = new(context);
        AlterConfigsResponse response = new();
        HashSet<ConfigResource> duplicates = Duplicates(request.Resources.Select(static resource => Resource(resource.ResourceType, resource.ResourceName)));
        foreach (AlterConfigsRequest.AlterConfigsResource requested in request.Resources)
        {
            ConfigResource resource = Resource(requested.ResourceType, requested.ResourceName);
            RequestProblem? problem = CheckOnce(resource, duplicates, requested.Configs.Select(static config => config.Name))
                ?? changes.Replace(resource, requested.Configs);
            response.Responses.Add(new AlterConfigsResponse.AlterConfigsResourceResponse
            {
                ErrorCode = problem?.Error ?? ErrorCode.None,
                ErrorMessage = problem?.Message,
                ResourceType = requested.ResourceType,
                ResourceName = requested.ResourceName,
            });
        }

        return new ControllerDecision(request.ValidateOnly ? [] : changes._records, response);
    }

    private static RequestProblem? CheckOnce(ConfigResource resource, HashSet<ConfigResource> duplicates, IEnumerable<string> keys)
    {
        if (duplicates.Contains(resource))
        {
            return Invalid("Each resource must appear at most once.");
        }

        return Duplicates(keys).Count > 0 ? Invalid("Error due to duplicate config keys") : null;
    }

    private static RequestProblem? CheckNulls(IEnumerable<string> keysWithoutValue)
    {
        string[] nulls = [.. keysWithoutValue];
        return nulls.Length > 0 ? Invalid($"Null value not supported for : {string.Join(',', nulls)}") : null;
    }

    private RequestProblem? Change(ConfigResource resource, List<IncrementalAlterConfigsRequest.AlterableConfig> configs)
    {
        RequestProblem? refused = CheckNulls(configs
                .Where(static config => config.Value is null && config.ConfigOperation != (sbyte)ConfigOperation.Delete)
                .Select(static config => config.Name))
            ?? _rules.CheckKind(resource);
        if (refused is not null)
        {
            return refused;
        }

        ImmutableSortedDictionary<string, string> current = _context.Image.Configs.For(resource);
        Dictionary<string, string?> changed = new(StringComparer.Ordinal);
        foreach (IncrementalAlterConfigsRequest.AlterableConfig config in configs)
        {
            if (NewValue(resource, current, config, out string? value) is { } problem)
            {
                return problem;
            }

            changed[config.Name] = value;
        }

        return Apply(resource, current, changed);
    }

    private RequestProblem? Replace(ConfigResource resource, List<AlterConfigsRequest.AlterableConfig> configs)
    {
        RequestProblem? refused = CheckNulls(configs.Where(static config => config.Value is null).Select(static config => config.Name))
            ?? _rules.CheckKind(resource);
        if (refused is not null)
        {
            return refused;
        }

        ImmutableSortedDictionary<string, string> current = _context.Image.Configs.For(resource);
        Dictionary<string, string?> changed = new(StringComparer.Ordinal);
        foreach (string name in current.Keys)
        {
            changed[name] = null;
        }

        foreach (AlterConfigsRequest.AlterableConfig config in configs)
        {
            changed[config.Name] = config.Value;
        }

        return Apply(resource, current, changed);
    }

    private RequestProblem? NewValue(
        ConfigResource resource,
        ImmutableSortedDictionary<string, string> current,
        IncrementalAlterConfigsRequest.AlterableConfig config,
        out string? value)
    {
        ConfigOperation operation = (ConfigOperation)config.ConfigOperation;
        value = operation == ConfigOperation.Set ? config.Value : null;
        if (operation is ConfigOperation.Set or ConfigOperation.Delete)
        {
            return null;
        }

        if (operation is not (ConfigOperation.Append or ConfigOperation.Subtract))
        {
            return Invalid($"Unknown operation {config.ConfigOperation} for key {config.Name}.");
        }

        ConfigurationKey? key = ConfigResourceRules.FindKey(resource, config.Name);
        if (key is null && resource.Type == ConfigResourceType.Broker)
        {
            return new RequestProblem(ErrorCode.InvalidConfig, $"Unknown config name: {config.Name}");
        }

        if (key?.Type != ConfigurationType.List)
        {
            return new RequestProblem(
                ErrorCode.InvalidConfig,
                $"Can't {operation.ToString().ToUpperInvariant()} to key {config.Name} because its type is not LIST.");
        }

        List<string> entries = Split(current.GetValueOrDefault(config.Name) ?? _rules.ValueInForce(resource, key));
        foreach (string entry in (config.Value ?? string.Empty).Split(',', StringSplitOptions.TrimEntries))
        {
            if (operation == ConfigOperation.Subtract)
            {
                entries.Remove(entry);
            }
            else if (!entries.Contains(entry))
            {
                entries.Add(entry);
            }
        }

        value = string.Join(',', entries);
        return null;
    }

    private RequestProblem? Apply(ConfigResource resource, ImmutableSortedDictionary<string, string> current, Dictionary<string, string?> changed)
    {
        ImmutableSortedDictionary<string, string> next = current;
        foreach ((string name, string? value) in changed)
        {
            next = value is null ? next.Remove(name) : next.SetItem(name, value);
        }

        // As in Kafka, what is wrong with the values is told before it is known whether there is such a topic.
        RequestProblem? problem = ConfigResourceRules.CheckName(resource)
            ?? ConfigResourceRules.CheckChange(resource, changed)
            ?? ConfigResourceRules.CheckValues(resource, next)
            ?? _rules.CheckExists(resource);
        if (problem is not null)
        {
            return problem;
        }

        foreach ((string name, string? value) in changed)
        {
            if (!string.Equals(current.GetValueOrDefault(name), value, StringComparison.Ordinal))
            {
                _records.Add(MetadataRecord.Of(new ConfigRecord
                {
                    ResourceType = (sbyte)resource.Type,
                    ResourceName = resource.Name,
                    Name = name,
                    Value = value,
                }));
            }
        }

        return null;
    }

    private static ConfigResource Resource(sbyte type, string name) => new((ConfigResourceType)type, name);

    private static List<string> Split(string? value) =>
        [.. (value ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static HashSet<T> Duplicates<T>(IEnumerable<T> values)
    {
        HashSet<T> seen = [];
        return [.. values.Where(value => !seen.Add(value))];
    }

    private static RequestProblem Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
