using System.Globalization;

namespace Ottla.Core.Configuration;

/// <summary>One listener: where it binds, and what clients are told to connect to.</summary>
/// <param name="Name">Its name, in upper case.</param>
/// <param name="Host">The host to bind; empty for all interfaces.</param>
/// <param name="Port">The port to bind, 0 for any free one.</param>
/// <param name="AdvertisedHost">The host that clients are told; empty for the host that is bound.</param>
/// <param name="AdvertisedPort">The port that clients are told; 0 for the port that is bound.</param>
public sealed record ListenerDeclaration(string Name, string Host, int Port, string AdvertisedHost, int AdvertisedPort)
{
    /// <summary>Whether other machines can reach the listener.</summary>
    public bool IsBeyondLoopback => Host is not ("localhost" or "::1" or "[::1]") && !Host.StartsWith("127.", StringComparison.Ordinal);

    internal static IReadOnlyList<ListenerDeclaration> Read(BrokerConfiguration configuration, List<string> errors)
    {
        Dictionary<string, string> protocols = ReadProtocols(configuration, errors);
        HashSet<string> controllers = configuration.TryGet(NetworkKeys.ControllerListenerNames, out IReadOnlyList<string>? names)
            ? names.Select(name => name.ToUpperInvariant()).ToHashSet(StringComparer.Ordinal)
            : [];
        Dictionary<string, (string Host, int Port)> advertised = configuration.TryGet(NetworkKeys.AdvertisedListeners, out IReadOnlyList<string>? told)
            ? ReadEndpoints(NetworkKeys.AdvertisedListeners, told, errors).ToDictionary(entry => entry.Name, entry => (entry.Host, entry.Port), StringComparer.Ordinal)
            : [];
        List<ListenerDeclaration> listeners = [];
        foreach ((string name, string host, int port) in ReadEndpoints(NetworkKeys.Listeners, configuration.Get(NetworkKeys.Listeners), errors))
        {
            if (controllers.Contains(name))
            {
                continue;
            }

            CheckProtocol(name, protocols, errors);
            (string Host, int Port) tell = advertised.GetValueOrDefault(name, (host is "0.0.0.0" or "::" ? "" : host, port));
            listeners.Add(new ListenerDeclaration(name, host, port, tell.Host, tell.Port));
        }

        foreach (string name in advertised.Keys.Where(name => !controllers.Contains(name) && !listeners.Exists(listener => listener.Name == name)))
        {
            errors.Add($"Invalid value for configuration {NetworkKeys.AdvertisedListeners.Name}: {name} is not in {NetworkKeys.Listeners.Name}.");
        }

        if (listeners.Count == 0 && errors.Count == 0)
        {
            errors.Add($"Invalid value for configuration {NetworkKeys.Listeners.Name}: there is no listener for clients.");
        }

        return listeners;
    }

    private static Dictionary<string, string> ReadProtocols(BrokerConfiguration configuration, List<string> errors)
    {
        Dictionary<string, string> protocols = new(StringComparer.Ordinal);
        string map = configuration.Get(NetworkKeys.ListenerSecurityProtocolMap);
        foreach (string entry in map.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = entry.Split(':', StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || parts[0].Length == 0 || parts[1] is not ("PLAINTEXT" or "SSL" or "SASL_PLAINTEXT" or "SASL_SSL"))
            {
                errors.Add($"Invalid value {entry} for configuration {NetworkKeys.ListenerSecurityProtocolMap.Name}: allowed is NAME:PROTOCOL with PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.");
                continue;
            }

            protocols[parts[0].ToUpperInvariant()] = parts[1];
        }

        return protocols;
    }

    private static void CheckProtocol(string name, Dictionary<string, string> protocols, List<string> errors)
    {
        if (!protocols.TryGetValue(name, out string? protocol))
        {
            errors.Add($"Listener {name} has no entry in {NetworkKeys.ListenerSecurityProtocolMap.Name}.");
        }
        else if (protocol != "PLAINTEXT")
        {
            errors.Add($"Listener {name} asks for {protocol}: Ottla serves only PLAINTEXT so far.");
        }
    }

    private static List<(string Name, string Host, int Port)> ReadEndpoints(ConfigurationKey key, IReadOnlyList<string> entries, List<string> errors)
    {
        List<(string Name, string Host, int Port)> endpoints = [];
        foreach (string entry in entries)
        {
            int scheme = entry.IndexOf("://", StringComparison.Ordinal);
            int colon = entry.LastIndexOf(':');
            if (scheme <= 0 || colon < scheme + 3
                || !ushort.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            {
                errors.Add($"Invalid value {entry} for configuration {key.Name}: allowed is NAME://HOST:PORT with a port from 0 to 65535.");
                continue;
            }

            string name = entry[..scheme].ToUpperInvariant();
            string host = entry[(scheme + 3)..colon].Trim('[', ']');
            if (endpoints.Exists(endpoint => endpoint.Name == name))
            {
                errors.Add($"Invalid value for configuration {key.Name}: {name} stands twice.");
                continue;
            }

            endpoints.Add((name, host, port));
        }

        return endpoints;
    }
}
