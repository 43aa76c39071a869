using System.Buffers.Binary;
using System.Text;
using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Tests.Messages;

/// <summary>
/// Writes samples by walking the schema, straight from the protocol's description and as slowly as that is: the second opinion on the
/// generated code.
/// </summary>
internal sealed class SampleEncoder(MessageSchema message, short version)
{
    private readonly List<byte> _bytes = [];

    private bool IsFlexible => message.Flexible.Contains(version);

    public static byte[] Encode(MessageSchema message, short version, SampleStruct sample)
    {
        SampleEncoder encoder = new(message, version);
        encoder.WriteStruct(message.Root, sample);
        return encoder._bytes.ToArray();
    }

    private void WriteStruct(StructSchema block, SampleStruct sample)
    {
        foreach (FieldSchema field in block.Fields.Where(field => !field.IsTagged && field.Versions.Contains(version)))
        {
            WriteField(field, sample.Fields[field.Name]);
        }

        if (!IsFlexible)
        {
            return;
        }

        SortedDictionary<int, byte[]> tags = new(sample.UnknownTags);
        foreach (FieldSchema field in block.Fields.Where(field => field.IsTagged && field.Versions.Contains(version)))
        {
            object? value = sample.Fields[field.Name];
            if (!SampleDefaults.IsDefault(field, value))
            {
                SampleEncoder inner = new(message, version);
                inner.WriteField(field, value);
                tags.Add(field.Tag, inner._bytes.ToArray());
            }
        }

        WriteVarint((uint)tags.Count);
        foreach ((int tag, byte[] bytes) in tags)
        {
            WriteVarint((uint)tag);
            WriteVarint((uint)bytes.Length);
            _bytes.AddRange(bytes);
        }
    }

    private void WriteField(FieldSchema field, object? value)
    {
        bool isCompact = IsFlexible && !field.IsInflexible;
        if (value is List<object> items)
        {
            WriteLength(items.Count, isCompact, 4);
            foreach (object item in items)
            {
                WriteElement(field, item, isCompact);
            }
        }
        else if (value is null && field is { Kind: FieldKind.Struct, IsArray: false })
        {
            _bytes.Add(field.IsTagged ? (byte)0 : (byte)0xFF);
        }
        else if (value is null)
        {
            WriteLength(-1, isCompact, field is { Kind: FieldKind.String, IsArray: false } ? 2 : 4);
        }
        else
        {
            if (field.Kind == FieldKind.Struct && field.Nullable.Contains(version))
            {
                _bytes.Add(1);
            }

            WriteElement(field, value, isCompact);
        }
    }

    private void WriteElement(FieldSchema field, object value, bool isCompact)
    {
        switch (value)
        {
            case SampleStruct sample:
                WriteStruct(field.Struct.OrFail(), sample);
                break;
            case string text:
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                WriteLength(utf8.Length, isCompact, 2);
                _bytes.AddRange(utf8);
                break;
            case byte[] bytes:
                WriteLength(bytes.Length, isCompact, 4);
                _bytes.AddRange(bytes);
                break;
            case bool flag:
                _bytes.Add(flag ? (byte)1 : (byte)0);
                break;
            case Guid id:
                _bytes.AddRange(id.ToByteArray(bigEndian: true));
                break;
            case double number:
                WriteBigEndian(BitConverter.DoubleToInt64Bits(number), 8);
                break;
            case ulong or long:
                WriteBigEndian((long)value, 8);
                break;
            case int or uint:
                WriteBigEndian(Convert.ToInt64(value, null), 4);
                break;
            case short or ushort:
                WriteBigEndian(Convert.ToInt64(value, null), 2);
                break;
            default:
                WriteBigEndian((sbyte)value, 1);
                break;
        }
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
        do
        {
            uint group = value % 128;
            value /= 128;
            _bytes.Add((byte)(value > 0 ? group + 128 : group));
        }
        while (value > 0);
    }

    private void WriteBigEndian(long value, int width)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        _bytes.AddRange(bytes.AsSpan(8 - width, width));
    }
}
