using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Ottla.Client.Consuming;
using Ottla.Records;

namespace Ottla.Cli.Consuming;

/// <summary>
/// Writes records as one JSON object a line. What is UTF-8 is text under <c>key</c>, <c>value</c>; what is not is base64 under
/// <c>keyBase64</c>, <c>valueBase64</c>, so that nothing is lost.
/// </summary>
internal static class JsonRecordFormat
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(ArrayBufferWriter<byte> output, in ConsumedRecordView record, ConsumedBatch batch)
    {
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("topic"u8, batch.Partition.Topic);
            writer.WriteNumber("partition"u8, batch.Partition.Partition.Value);
            writer.WriteNumber("offset"u8, record.Offset);
            writer.WriteNumber("timestamp"u8, record.TimestampMilliseconds);
            WriteBytes(writer, "key"u8, "keyBase64"u8, record.Key, record.HasKey);
            WriteBytes(writer, "value"u8, "valueBase64"u8, record.Value, record.HasValue);
            writer.WriteStartArray("headers"u8);
            foreach (RecordHeaderView header in record.Headers)
            {
                writer.WriteStartObject();
                WriteBytes(writer, "name"u8, "nameBase64"u8, header.Key, isThere: true);
                WriteBytes(writer, "value"u8, "valueBase64"u8, header.Value.Span, !header.Value.IsNull);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteBytes(
        Utf8JsonWriter writer, ReadOnlySpan<byte> textName, ReadOnlySpan<byte> base64Name, ReadOnlySpan<byte> bytes, bool isThere)
    {
        if (!isThere)
        {
            writer.WriteNull(textName);
        }
        else if (Utf8.IsValid(bytes))
        {
            writer.WriteString(textName, bytes);
        }
        else
        {
            writer.WriteBase64String(base64Name, bytes);
        }
    }
}
