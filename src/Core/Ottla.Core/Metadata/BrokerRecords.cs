using System.Collections.Immutable;
using Ottla.Protocol;
using Ottla.Protocol.Stored;

namespace Ottla.Core.Metadata;

/// <summary>Between the records of brokers and controllers and their images.</summary>
internal static class BrokerRecords
{
    public static BrokerImage ToImage(RegisterBrokerRecord record) => new()
    {
        Id = new BrokerId(record.BrokerId),
        Epoch = record.BrokerEpoch,
        IncarnationId = record.IncarnationId,
        Endpoints = [.. record.EndPoints.Select(endpoint => new BrokerEndpoint(endpoint.Name, endpoint.Host, endpoint.Port, endpoint.SecurityProtocol))],
        Features = [.. record.Features.Select(feature => new SupportedFeature(feature.Name, feature.MinSupportedVersion, feature.MaxSupportedVersion))],
        Rack = record.Rack,
        Fenced = record.Fenced,
        InControlledShutdown = record.InControlledShutdown,
        LogDirectories = [.. record.LogDirs],
        CordonedLogDirectories = record.CordonedLogDirs is null ? null : [.. record.CordonedLogDirs],
    };

    public static RegisterBrokerRecord ToRecord(BrokerImage image, short metadataVersion) => new()
    {
        BrokerId = image.Id.Value,
        BrokerEpoch = image.Epoch,
        IncarnationId = image.IncarnationId,
        EndPoints = [.. image.Endpoints.Select(endpoint => new RegisterBrokerRecord.BrokerEndpoint
        {
            Name = endpoint.Listener,
            Host = endpoint.Host,
            Port = checked((ushort)endpoint.Port),
            SecurityProtocol = endpoint.SecurityProtocol,
        })],
        Features = [.. image.Features.Select(feature => new RegisterBrokerRecord.BrokerFeature
        {
            Name = feature.Name,
            MinSupportedVersion = feature.MinVersion,
            MaxSupportedVersion = feature.MaxVersion,
        })],
        Rack = image.Rack,
        Fenced = image.Fenced,
        InControlledShutdown = image.InControlledShutdown,
        LogDirs = MetadataVersions.RegisterBrokerVersion(metadataVersion) >= 3 ? [.. image.LogDirectories] : [],
        CordonedLogDirs = image.CordonedLogDirectories is { } cordoned && MetadataVersions.RegisterBrokerVersion(metadataVersion) >= 4
            ? [.. cordoned]
            : null,
    };

    public static ControllerImage ToImage(RegisterControllerRecord record) => new()
    {
        Id = record.ControllerId,
        IncarnationId = record.IncarnationId,
        ZkMigrationReady = record.ZkMigrationReady,
        Endpoints = [.. record.EndPoints.Select(endpoint => new BrokerEndpoint(endpoint.Name, endpoint.Host, endpoint.Port, endpoint.SecurityProtocol))],
        Features = [.. record.Features.Select(feature => new SupportedFeature(feature.Name, feature.MinSupportedVersion, feature.MaxSupportedVersion))],
    };

    public static RegisterControllerRecord ToRecord(ControllerImage image) => new()
    {
        ControllerId = image.Id,
        IncarnationId = image.IncarnationId,
        ZkMigrationReady = image.ZkMigrationReady,
        EndPoints = [.. image.Endpoints.Select(endpoint => new RegisterControllerRecord.ControllerEndpoint
        {
            Name = endpoint.Listener,
            Host = endpoint.Host,
            Port = checked((ushort)endpoint.Port),
            SecurityProtocol = endpoint.SecurityProtocol,
        })],
        Features = [.. image.Features.Select(feature => new RegisterControllerRecord.ControllerFeature
        {
            Name = feature.Name,
            MinSupportedVersion = feature.MinVersion,
            MaxSupportedVersion = feature.MaxVersion,
        })],
    };

    /// <summary>The broker after a change: what the record leaves out stays.</summary>
    public static BrokerImage Change(BrokerImage image, BrokerRegistrationChangeRecord record) => image with
    {
        // As Kafka numbers it: 1 fences, -1 unfences, 0 leaves it.
        Fenced = record.Fenced switch { 1 => true, -1 => false, _ => image.Fenced },
        InControlledShutdown = record.InControlledShutdown == 1 || image.InControlledShutdown,
        LogDirectories = record.LogDirs is { Count: > 0 } directories ? [.. directories] : image.LogDirectories,
        CordonedLogDirectories = record.CordonedLogDirs is { } cordoned ? [.. cordoned] : image.CordonedLogDirectories,
    };
}
