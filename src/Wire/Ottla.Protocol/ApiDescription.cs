namespace Ottla.Protocol;

/// <summary>What the schemas say of one API.</summary>
/// <param name="Key">The API.</param>
/// <param name="Versions">The versions of its request and response that can be read and written.</param>
/// <param name="FirstFlexibleVersion">The first flexible version (KIP-482), or <see cref="short.MaxValue"/> when none is.</param>
/// <param name="Listeners">Where Kafka offers the API.</param>
public readonly record struct ApiDescription(ApiKey Key, VersionRange Versions, short FirstFlexibleVersion, ApiListeners Listeners);
