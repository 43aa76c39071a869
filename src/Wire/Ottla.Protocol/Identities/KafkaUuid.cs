namespace Ottla.Protocol;

/// <summary>Kafka's text form of a 128-bit id: URL-safe base64 of the big-endian bytes without padding, 22 characters.</summary>
public static class KafkaUuid
{
    /// <summary>Writes <paramref name="id"/> as Kafka's tools print it.</summary>
    public static string Format(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads what <see cref="Format"/> wrote; false when <paramref name="text"/> is not such an id.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id = default;
        if (text.Length != 22 || !System.Buffers.Text.Base64Url.IsValid(text, out int length) || length != 16)
        {
            return false;
        }

        System.Buffers.Text.Base64Url.DecodeFromChars(text, bytes);
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}
