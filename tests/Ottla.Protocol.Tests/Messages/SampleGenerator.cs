using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Tests.Messages;

/// <summary>Draws random values for a version of a schema.</summary>
internal sealed class SampleGenerator(MessageSchema message, short version, Random random)
{
    private const string Letters = "abcdefghij-_.0123456789äß水🚀";

    public SampleStruct Draw() => DrawStruct(message.Root);

    /// <summary>A value for one field that is certainly not its default.</summary>
    public object DrawOther(FieldSchema field)
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            object? value = DrawField(field);
            if (value is not null && !SampleDefaults.IsDefault(field, value))
            {
                return value;
            }
        }

        throw new InvalidOperationException($"{field.Name} has only its default.");
    }

    private SampleStruct DrawStruct(StructSchema block)
    {
        SampleStruct sample = new();
        foreach (FieldSchema field in block.Fields.Where(field => field.Versions.Contains(version)))
        {
            sample.Fields[field.Name] = field.IsTagged && random.Next(2) == 0 ? SampleDefaults.Of(field) : DrawField(field);
        }

        if (message.Flexible.Contains(version) && random.Next(3) == 0)
        {
            HashSet<int> known = [.. block.Fields.Where(field => field.IsTagged && field.Versions.Contains(version)).Select(field => field.Tag)];
            for (int count = random.Next(1, 4); count > 0; count--)
            {
                int tag = random.Next(4) == 0 ? random.Next(10, int.MaxValue) : random.Next(10);
                if (!known.Contains(tag))
                {
                    sample.UnknownTags[tag] = DrawBytes(5);
                }
            }
        }

        return sample;
    }

    private object? DrawField(FieldSchema field)
    {
        if (field.Nullable.Contains(version) && random.Next(4) == 0)
        {
            return null;
        }

        if (!field.IsArray)
        {
            return DrawElement(field);
        }

        List<object> items = [];
        for (int count = random.Next(4); count > 0; count--)
        {
            items.Add(DrawElement(field));
        }

        return items;
    }

    private object DrawElement(FieldSchema field) => field.Kind switch
    {
        FieldKind.Bool => random.Next(2) == 0,
        FieldKind.Int8 => (sbyte)DrawInteger(),
        FieldKind.Int16 => (short)DrawInteger(),
        FieldKind.UInt16 => (ushort)DrawInteger(),
        FieldKind.Int32 => (int)DrawInteger(),
        FieldKind.UInt32 => (uint)DrawInteger(),
        FieldKind.Int64 => DrawInteger(),
        FieldKind.Float64 => random.Next(5) == 0 ? double.MinValue : random.NextDouble(),
        FieldKind.Uuid => new Guid(DrawBytesOf(16)),
        FieldKind.String => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => DrawLetter())),
        FieldKind.Struct => DrawStruct(field.Struct.OrFail()),
        _ => DrawBytes(200),
    };

    private long DrawInteger() => random.Next(6) switch
    {
        0 => 0,
        1 => -1,
        2 => long.MaxValue,
        3 => long.MinValue,
        4 => random.Next(100),
        _ => random.NextInt64(),
    };

    private string DrawLetter()
    {
        System.Text.Rune[] runes = [.. Letters.EnumerateRunes()];
        return runes[random.Next(runes.Length)].ToString();
    }

    private byte[] DrawBytes(int limit) => DrawBytesOf(random.Next(limit));

    private byte[] DrawBytesOf(int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
