using Ottla.Core.Controller;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Core.Tests.Controller;

/// <summary>Short forms of the requests that change configuration.</summary>
internal static class ConfigurationScenario
{
    public const sbyte SetValue = 0;
    public const sbyte Delete = 1;
    public const sbyte Append = 2;
    public const sbyte Subtract = 3;

    public static void Set(ControllerScenario scenario, ConfigResource resource, string key, string value) =>
        Assert.Equal(ErrorCode.None, Change(scenario, resource, (key, SetValue, value)).ErrorCode);

    public static IncrementalAlterConfigsResponse.AlterConfigsResourceResponse Change(
        ControllerScenario scenario,
        ConfigResource resource,
        params (string Key, sbyte Operation, string? Value)[] changes) =>
        Assert.Single(Change(scenario, new IncrementalAlterConfigsRequest { Resources = [Resource(resource, changes)] }).Responses);

    public static IncrementalAlterConfigsResponse Change(ControllerScenario scenario, IncrementalAlterConfigsRequest request) =>
        scenario.Do<IncrementalAlterConfigsResponse>(token => new ControllerCommand.IncrementalAlterConfigs(token, request));

    public static IncrementalAlterConfigsRequest.AlterConfigsResource Resource(
        ConfigResource resource,
        params (string Key, sbyte Operation, string? Value)[] changes) => new()
        {
            ResourceType = (sbyte)resource.Type,
            ResourceName = resource.Name,
            Configs = [.. changes.Select(change => new IncrementalAlterConfigsRequest.AlterableConfig
            {
                Name = change.Key,
                ConfigOperation = change.Operation,
                Value = change.Value,
            })],
        };

    public static AlterConfigsResponse.AlterConfigsResourceResponse Replace(
        ControllerScenario scenario,
        ConfigResource resource,
        params (string Key, string? Value)[] values) =>
        Assert.Single(scenario.Do<AlterConfigsResponse>(token => new ControllerCommand.AlterConfigs(token, new AlterConfigsRequest
        {
            Resources =
            [
                new AlterConfigsRequest.AlterConfigsResource
                {
                    ResourceType = (sbyte)resource.Type,
                    ResourceName = resource.Name,
                    Configs = [.. values.Select(value => new AlterConfigsRequest.AlterableConfig { Name = value.Key, Value = value.Value })],
                },
            ],
        })).Responses);
}
