namespace Ottla.Core.Groups.Classic;

/// <summary>The client behind a request.</summary>
/// <param name="ClientId">Its client id; empty if it gave none.</param>
/// <param name="ClientHost">Its address, as Kafka shows it (<c>/127.0.0.1</c>).</param>
public readonly record struct GroupClient(string ClientId, string ClientHost);
