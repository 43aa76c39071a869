using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ottla.Differential.Tests.Scripting;
using Ottla.Protocol;
using Ottla.Protocol.Generator.Schema;

namespace Ottla.Differential.Tests.Wire;

/// <summary>
/// Writes a request by walking its schema. Fields that are not set have their defaults, and those that the version lacks are left out, so
/// that one text is the request in every version. Nothing is checked: an invalid request is as good as a valid one.
/// </summary>
internal sealed class MessageEncoder
{
    private const string UnknownTags = "_tags";

    private readonly MessageSchema _schema;
    private readonly short _version;
    private readonly List<byte> _bytes = [];

    private MessageEncoder(MessageSchema schema, short version)
    {
        _schema = schema;
        _version = version;
    }

    private bool IsFlexible => _schema.Flexible.Contains(_version);

    /// <summary>The whole frame but for its length: header and body.</summary>
    public static byte[] EncodeRequest(string api, short version, int correlation, JsonObject body)
    {
        MessageSchema schema = MessageSchemas.Request(api);
        MessageEncoder encoder = new(schema, MessageSchemas.Describable(schema, version));
        encoder.WriteBigEndian((int)MessageSchemas.KeyOf(api), 2);
        encoder.WriteBigEndian(version, 2);
        encoder.WriteBigEndian(correlation, 4);
        byte[] client = Encoding.UTF8.GetBytes("differential");
        encoder.WriteBigEndian(client.Length, 2);
        encoder._bytes.AddRange(client);
        if (encoder.IsFlexible)
        {
            encoder.WriteVarint(0);
        }

        encoder.WriteStruct(schema.Root, body);
        return [.. encoder._bytes];
    }

    private void WriteStruct(StructSchema block, JsonObject values)
    {
        foreach ((string name, JsonNode? _) in values)
        {
            if (name != UnknownTags && block.Fields.All(field => field.Name != name))
            {
                throw new FormatException($"{block.Name} has no field {name}");
            }
        }

        foreach (FieldSchema field in block.Fields.Where(field => !field.IsTagged && field.Versions.Contains(_version)))
        {
            WriteField(field, values);
        }

        if (IsFlexible)
        {
            WriteTags(block, values);
        }
    }

    private void WriteTags(StructSchema block, JsonObject values)
    {
        SortedDictionary<int, byte[]> tags = [];
        foreach (FieldSchema field in block.Fields.Where(field => field.IsTagged && field.Versions.Contains(_version) && values.ContainsKey(field.Name)))
        {
            MessageEncoder inner = new(_schema, _version);
            inner.WriteField(field, values);
            tags.Add(field.Tag, [.. inner._bytes]);
        }

        foreach ((string tag, JsonNode? value) in values[UnknownTags]?.AsObject() ?? [])
        {
            tags.Add(int.Parse(tag, CultureInfo.InvariantCulture), BytesText.Parse(value.TextOrFail()));
        }

        WriteVarint((uint)tags.Count);
        foreach ((int tag, byte[] bytes) in tags)
        {
            WriteVarint((uint)tag);
            WriteVarint((uint)bytes.Length);
            _bytes.AddRange(bytes);
        }
    }

    private void WriteField(FieldSchema field, JsonObject values)
    {
        bool isCompact = IsFlexible && !field.IsInflexible;
        bool isSet = values.TryGetPropertyValue(field.Name, out JsonNode? value);
        bool isNull = isSet ? value is null : field.DefaultsToNull;
        if (isNull && field is { Kind: FieldKind.Struct, IsArray: false })
        {
            _bytes.Add(field.IsTagged ? (byte)0 : (byte)0xFF);
        }
        else if (isNull)
        {
            WriteLength(-1, isCompact, field is { Kind: FieldKind.String, IsArray: false } ? 2 : 4);
        }
        else if (field.IsArray)
        {
            JsonArray items = value?.AsArray() ?? [];
            WriteLength(items.Count, isCompact, 4);
            foreach (JsonNode? item in items)
            {
                WriteElement(field, item, isCompact);
            }
        }
        else
        {
            if (field.Kind == FieldKind.Struct && field.Nullable.Contains(_version))
            {
                _bytes.Add(1);
            }

            WriteElement(field, value, isCompact);
        }
    }

    private void WriteElement(FieldSchema field, JsonNode? value, bool isCompact)
    {
        string text = value is JsonValue ? value.TextOrFail() : field.IsArray ? string.Empty : field.Default ?? string.Empty;
        switch (field.Kind)
        {
            case FieldKind.Struct:
                WriteStruct(field.Struct ?? throw new FormatException($"{field.Name} has no struct"), value?.AsObject() ?? []);
                break;
            case FieldKind.String:
                WriteBytes(BytesText.Parse(text), isCompact, 2);
                break;
            case FieldKind.Bytes:
                WriteBytes(BytesText.Parse(text), isCompact, 4);
                break;
            case FieldKind.Records:
                WriteBytes(BatchText.Parse(text), isCompact, 4);
                break;
            case FieldKind.Bool:
                _bytes.Add(text == "true" ? (byte)1 : (byte)0);
                break;
            case FieldKind.Uuid:
                Guid id = text.Length == 0 ? Guid.Empty : KafkaUuid.TryParse(text, out Guid parsed) ? parsed : throw new FormatException($"'{text}' is not an id");
                _bytes.AddRange(id.ToByteArray(bigEndian: true));
                break;
            case FieldKind.Float64:
                WriteBigEndian(BitConverter.DoubleToInt64Bits(text.Length == 0 ? 0 : double.Parse(text, CultureInfo.InvariantCulture)), 8);
                break;
            default:
                WriteBigEndian(NumberText.Parse(text), WidthOf(field.Kind));
                break;
        }
    }

    private static int WidthOf(FieldKind kind) => kind switch
    {
        FieldKind.Int8 => 1,
        FieldKind.Int16 or FieldKind.UInt16 => 2,
        FieldKind.Int32 or FieldKind.UInt32 => 4,
        _ => 8,
    };

    private void WriteBytes(byte[] bytes, bool isCompact, int width)
    {
        WriteLength(bytes.Length, isCompact, width);
        _bytes.AddRange(bytes);
    }

    private void WriteLength(int length, bool isCompact, int width)
    {
        if (isCompact)
        {
            WriteVarint((uint)(length + 1));
        }
        else
        {
            WriteBigEndian(length, width);
        }
    }

    private void WriteVarint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }

    private void WriteBigEndian(long value, int width)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        _bytes.AddRange(bytes.AsSpan(8 - width, width));
    }
}
