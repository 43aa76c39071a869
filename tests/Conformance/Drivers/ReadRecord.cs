using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ottla.Conformance.Tests.Drivers;

/// <summary>A record as a driver printed it, and what it must be.</summary>
public sealed record ReadRecord(int Partition, long Offset, string? Key, string? Value, string Headers)
{
    private const int LongestShownValue = 100;

    /// <summary>The record that a line of a driver shows; null for another line.</summary>
    public static ReadRecord? Parse(string line)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        return root.TryGetProperty("offset", out JsonElement offset)
            ? new ReadRecord(
                root.GetProperty("partition").GetInt32(),
                offset.GetInt64(),
                root.GetProperty("key").GetString(),
                root.GetProperty("value").GetString(),
                string.Join(';', root.GetProperty("headers").EnumerateArray().Select(header => $"{header[0].GetString()}={header[1].GetString()}")))
            : null;
    }

    /// <summary>The record that all drivers send as number <paramref name="index"/>.</summary>
    public static ReadRecord Expected(ForeignClient client, int index, int size, long offset)
    {
        string? key = index % 3 == 0 ? null : $"key-{index}";
        string? value = index % 3 != 0 && index % 7 == 0 && size < 1000 ? null : Shown($"value-{index}-".PadRight(size, 'x'));
        return new ReadRecord(0, offset, key, value, client.HasHeaders ? $"source={client.Name};index={index}" : string.Empty);
    }

    private static string Shown(string value) =>
        value.Length <= LongestShownValue ? value : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
