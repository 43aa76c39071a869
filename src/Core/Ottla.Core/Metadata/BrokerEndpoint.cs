namespace Ottla.Core.Metadata;

/// <summary>One address at which a broker can be reached, as it registered it.</summary>
/// <param name="Listener">The listener's name, such as <c>PLAINTEXT</c>.</param>
/// <param name="Host">Advertised host.</param>
/// <param name="Port">Advertised port.</param>
/// <param name="SecurityProtocol">0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL.</param>
public sealed record BrokerEndpoint(string Listener, string Host, int Port, short SecurityProtocol);
