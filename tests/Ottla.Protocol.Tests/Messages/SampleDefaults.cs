using System.Globalization;
using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Tests.Messages;

/// <summary>What a field holds when nobody set it.</summary>
internal static class SampleDefaults
{
    public static object? Of(FieldSchema field)
    {
        if (field.Default == "null" || (field.Kind == FieldKind.Records && !field.IsArray))
        {
            return null;
        }

        if (field.IsArray)
        {
            return new List<object>();
        }

        string number = field.Default ?? "0";
        return field.Kind switch
        {
            FieldKind.Bool => field.Default == "true",
            FieldKind.Int8 => sbyte.Parse(number, CultureInfo.InvariantCulture),
            FieldKind.Int16 => short.Parse(number, CultureInfo.InvariantCulture),
            FieldKind.UInt16 => ushort.Parse(number, CultureInfo.InvariantCulture),
            FieldKind.Int32 => int.Parse(number, CultureInfo.InvariantCulture),
            FieldKind.UInt32 => uint.Parse(number, CultureInfo.InvariantCulture),
            FieldKind.Int64 => long.Parse(number, CultureInfo.InvariantCulture),
            FieldKind.Float64 => 0.0,
            FieldKind.Uuid => Guid.Empty,
            FieldKind.String => "",
            FieldKind.Struct => OfStruct(field.Struct.OrFail()),
            _ => Array.Empty<byte>(),
        };
    }

    public static SampleStruct OfStruct(StructSchema block)
    {
        SampleStruct sample = new();
        foreach (FieldSchema field in block.Fields)
        {
            sample.Fields[field.Name] = Of(field);
        }

        return sample;
    }

    /// <summary>Whether the value equals the default; a struct's fields that its version lacks do not count, nor do unknown tags.</summary>
    public static bool IsDefault(FieldSchema field, object? value) => value switch
    {
        null => Of(field) is null,
        List<object> list => Of(field) is not null && list.Count == 0,
        byte[] bytes => Of(field) is not null && bytes.Length == 0,
        SampleStruct sample => Of(field) is not null
            && field.Struct.OrFail().Fields.All(inner => !sample.Fields.TryGetValue(inner.Name, out object? held) || IsDefault(inner, held)),
        _ => value.Equals(Of(field)),
    };
}
