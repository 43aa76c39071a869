using System.Text.Json.Nodes;
using Ottla.Differential.Tests.Scripting;
using Ottla.Protocol;
using Ottla.Protocol.Generator.Schema;

namespace Ottla.Differential.Tests.Wire;

/// <summary>
/// Reads a response by walking its schema: every field of the version by its name, error codes by theirs, records as the batches that they
/// are. Tagged fields that are not sent are not there.
/// </summary>
internal static class MessageDecoder
{
    private const short UnsupportedVersion = 35;

    public static JsonObject DecodeResponse(string api, short version, byte[] frame)
    {
        MessageSchema schema = MessageSchemas.Response(api);
        ProtocolReader reader = new(frame);
        reader.ReadInt32();
        if (ApiHeaders.ResponseHeaderVersion(MessageSchemas.KeyOf(api), version) == 1)
        {
            SkipTags(ref reader);
        }

        // ApiVersions answers a version that the broker does not know in version 0 (KIP-511).
        bool isRefused = schema.Name == "ApiVersions" && new ProtocolReader(frame.AsMemory(4)).ReadInt16() == UnsupportedVersion;
        short described = isRefused ? (short)0 : MessageSchemas.Describable(schema, version);
        JsonObject answer = ReadStruct(ref reader, schema, schema.Root, described);
        Assert.True(reader.Remaining == 0, $"{reader.Remaining} bytes are left after the {api} response");
        return answer;
    }

    private static void SkipTags(ref ProtocolReader reader)
    {
        int previous = -1;
        for (int left = reader.ReadTaggedFieldCount(); left > 0; left--)
        {
            reader.ReadTag(ref previous, out int size);
            reader.Skip(size);
        }
    }

    private static JsonObject ReadStruct(ref ProtocolReader reader, MessageSchema schema, StructSchema block, short version)
    {
        JsonObject values = [];
        foreach (FieldSchema field in block.PlainFields.Where(field => field.Versions.Contains(version)))
        {
            values[field.Name] = ReadField(ref reader, schema, field, version);
        }

        if (!schema.Flexible.Contains(version))
        {
            return values;
        }

        int previous = -1;
        for (int left = reader.ReadTaggedFieldCount(); left > 0; left--)
        {
            int tag = reader.ReadTag(ref previous, out int size);
            if (block.Fields.FirstOrDefault(field => field.Tag == tag && field.Versions.Contains(version)) is { } field)
            {
                values[field.Name] = ReadField(ref reader, schema, field, version);
            }
            else
            {
                values[$"tag {tag}"] = Convert.ToHexString(reader.ReadSlice(size).Span);
            }
        }

        return values;
    }

    private static JsonNode? ReadField(ref ProtocolReader reader, MessageSchema schema, FieldSchema field, short version)
    {
        bool isCompact = schema.Flexible.Contains(version) && !field.IsInflexible;
        if (!field.IsArray)
        {
            return ReadElement(ref reader, schema, field, version);
        }

        int count = reader.ReadArrayCount(isCompact, 1);
        if (count < 0)
        {
            return null;
        }

        JsonArray items = [];
        for (; count > 0; count--)
        {
            items.Add(ReadElement(ref reader, schema, field, version));
        }

        return items;
    }

    private static JsonNode? ReadElement(ref ProtocolReader reader, MessageSchema schema, FieldSchema field, short version)
    {
        bool isCompact = schema.Flexible.Contains(version) && !field.IsInflexible;
        switch (field.Kind)
        {
            case FieldKind.Struct:
                bool isThere = field.IsArray || !field.Nullable.Contains(version)
                    || (field.IsTagged ? reader.ReadUnsignedVarint() != 0 : reader.ReadIsPresent());
                return isThere ? ReadStruct(ref reader, schema, field.Struct ?? throw new FormatException(field.Name), version) : null;
            case FieldKind.Records:
                return reader.ReadNullableBytes(isCompact) is { } batches ? BatchText.Describe(batches) : null;
            case FieldKind.Bytes:
                return reader.ReadNullableBytes(isCompact) is { } bytes ? BytesText.Format(bytes.Span) : null;
            case FieldKind.Int16 when field.IsErrorCode:
                return ((ErrorCode)reader.ReadInt16()).KafkaName();
            default:
                return ReadScalar(ref reader, field.Kind, isCompact);
        }
    }

    private static JsonValue? ReadScalar(ref ProtocolReader reader, FieldKind kind, bool isCompact) => kind switch
    {
        FieldKind.String => JsonValue.Create(reader.ReadNullableString(isCompact)),
        FieldKind.Bool => JsonValue.Create(reader.ReadBoolean()),
        FieldKind.Int8 => JsonValue.Create((long)reader.ReadInt8()),
        FieldKind.Int16 => JsonValue.Create((long)reader.ReadInt16()),
        FieldKind.UInt16 => JsonValue.Create((long)reader.ReadUInt16()),
        FieldKind.Int32 => JsonValue.Create((long)reader.ReadInt32()),
        FieldKind.UInt32 => JsonValue.Create((long)reader.ReadUInt32()),
        FieldKind.Int64 => JsonValue.Create(reader.ReadInt64()),
        FieldKind.Float64 => JsonValue.Create(reader.ReadFloat64()),
        _ => JsonValue.Create(KafkaUuid.Format(reader.ReadUuid())),
    };
}
