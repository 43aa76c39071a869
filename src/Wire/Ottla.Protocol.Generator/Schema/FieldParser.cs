namespace Ottla.Protocol.Generator.Schema;

/// <summary>
/// Reads a field line: <c>Name type [versions] [= default] [nullable versions] [tag N] [ignorable] [inflexible]</c>.
/// </summary>
internal static class FieldParser
{
    private static readonly Dictionary<string, FieldKind> Kinds = new()
    {
        ["bool"] = FieldKind.Bool,
        ["int8"] = FieldKind.Int8,
        ["int16"] = FieldKind.Int16,
        ["uint16"] = FieldKind.UInt16,
        ["int32"] = FieldKind.Int32,
        ["uint32"] = FieldKind.UInt32,
        ["int64"] = FieldKind.Int64,
        ["float64"] = FieldKind.Float64,
        ["uuid"] = FieldKind.Uuid,
        ["string"] = FieldKind.String,
        ["bytes"] = FieldKind.Bytes,
        ["records"] = FieldKind.Records,
    };

    public static FieldSchema? Parse(SchemaLine line, VersionSpan enclosing, List<SchemaError> errors)
    {
        string[] words = line.Words;
        if (words.Length < 2)
        {
            errors.Add(new SchemaError(line.Number, "A field has a name and a type."));
            return null;
        }

        FieldSchema field = new() { Name = words[0], Line = line.Number, Versions = enclosing, Description = line.Comment };
        bool isNullable = ParseType(words[1], field);
        int next = 2;
        if (words.Length > 2 && words[2][0] is >= '0' and <= '9')
        {
            if (!VersionSpan.TryParse(words[2], out VersionSpan versions) || versions.Intersect(enclosing).IsEmpty)
            {
                errors.Add(new SchemaError(line.Number, $"'{words[2]}' is not a range of versions within {enclosing}."));
                return null;
            }

            field.Versions = versions.Intersect(enclosing);
            next++;
        }

        field.Nullable = isNullable ? field.Versions : VersionSpan.None;
        return ParseAttributes(line, next, field, errors) ? field : null;
    }

    /// <summary>Reads the type; true when it ends in a question mark: null in every version.</summary>
    private static bool ParseType(string text, FieldSchema field)
    {
        bool isNullable = text.EndsWith("?", StringComparison.Ordinal);
        string type = isNullable ? text.Substring(0, text.Length - 1) : text;
        if (type.Length > 2 && type[0] == '[' && type[type.Length - 1] == ']')
        {
            field.IsArray = true;
            type = type.Substring(1, type.Length - 2);
        }

        if (Kinds.TryGetValue(type, out FieldKind kind))
        {
            field.Kind = kind;
        }
        else
        {
            field.Kind = FieldKind.Struct;
            field.StructName = type;
        }

        return isNullable;
    }

    private static bool ParseAttributes(SchemaLine line, int next, FieldSchema field, List<SchemaError> errors)
    {
        string[] words = line.Words;
        while (next < words.Length)
        {
            string? argument = next + 1 < words.Length ? words[next + 1] : null;
            int used = 2;
            switch (words[next])
            {
                case "=" when argument is not null:
                    field.Default = argument;
                    break;
                case "tag" when int.TryParse(argument, out int tag) && tag >= 0:
                    field.Tag = tag;
                    break;
                case "nullable" when argument is not null && VersionSpan.TryParse(argument, out VersionSpan nullable):
                    field.Nullable = nullable.Intersect(field.Versions);
                    break;
                case "ignorable":
                    field.IsIgnorable = true;
                    used = 1;
                    break;
                case "inflexible":
                    field.IsInflexible = true;
                    used = 1;
                    break;
                default:
                    errors.Add(new SchemaError(line.Number, $"'{words[next]}' is not understood here."));
                    return false;
            }

            next += used;
        }

        return true;
    }
}
