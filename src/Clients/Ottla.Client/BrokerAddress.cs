using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ottla.Client;

/// <summary>Where a broker listens.</summary>
/// <param name="Host">A host name or an IP address, an IPv6 address without brackets.</param>
/// <param name="Port">The TCP port, 1 to 65535.</param>
public readonly record struct BrokerAddress(string Host, int Port)
{
    /// <summary>Kafka's usual port, taken where an address names none.</summary>
    public const int DefaultPort = 9092;

    /// <summary>Reads <c>host</c>, <c>host:port</c>, <c>[::1]:port</c>, each maybe behind a listener name such as <c>PLAINTEXT://</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out BrokerAddress address)
    {
        address = default;
        text = text.Trim();
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            text = text[(scheme + 3)..];
        }

        if (!TrySplit(text, out ReadOnlySpan<char> host, out ReadOnlySpan<char> portText) || host.IsEmpty || host.ContainsAny(" /,\t"))
        {
            return false;
        }

        int port = DefaultPort;
        if (!portText.IsEmpty
            && (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            return false;
        }

        address = new BrokerAddress(host.ToString(), port);
        return true;
    }

    /// <summary>Reads a comma-separated list of addresses, as <c>bootstrap.servers</c> has it.</summary>
    public static bool TryParseList(string? text, [NotNullWhen(true)] out IReadOnlyList<BrokerAddress>? addresses)
    {
        var list = new List<BrokerAddress>();
        foreach (string part in (text ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryParse(part, out BrokerAddress address))
            {
                addresses = null;
                return false;
            }

            list.Add(address);
        }

        addresses = list;
        return list.Count > 0;
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    private static bool TrySplit(ReadOnlySpan<char> text, out ReadOnlySpan<char> host, out ReadOnlySpan<char> port)
    {
        port = default;
        host = text;
        if (text.StartsWith('['))
        {
            int close = text.IndexOf(']');
            if (close < 0 || (close + 1 < text.Length && text[close + 1] != ':'))
            {
                return false;
            }

            host = text[1..close];
            port = close + 2 < text.Length ? text[(close + 2)..] : default;
            return true;
        }

        int colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return true;
        }

        // More than one colon without brackets is a bare IPv6 address.
        if (text[..colon].Contains(':'))
        {
            return true;
        }

        host = text[..colon];
        port = text[(colon + 1)..];
        return !port.IsEmpty;
    }
}
