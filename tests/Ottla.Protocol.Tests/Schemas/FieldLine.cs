using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Tests.Schemas;

/// <summary>A field of one version as a line of text, so that two descriptions of a message can be compared.</summary>
internal static class FieldLine
{
    public static string Describe(string path, bool isArray, string type, bool isNullable, int tag, string defaultValue, bool isIgnorable) =>
        $"{path}: {(isArray ? $"[{type}]" : type)}{(isNullable ? "?" : "")} = {defaultValue}"
        + $"{(tag >= 0 ? $" tag {tag}" : "")}{(isIgnorable ? " ignorable" : "")}";

    /// <summary>What a field of this type holds when its definition names no default.</summary>
    public static string PlainDefault(string type, bool isArray) => isArray ? "empty" : type switch
    {
        "bool" => "false",
        "string" or "bytes" => "",
        "records" => "null",
        "uuid" => "zero",
        "struct" => "empty",
        _ => char.IsUpper(type[0]) ? "empty" : "0",
    };

    /// <summary>One line for every field that our schema has in <paramref name="version"/>.</summary>
    public static IEnumerable<string> Of(StructSchema block, int version, bool withIgnorable, string path = "")
    {
        foreach (FieldSchema field in block.Fields.Where(field => field.Versions.Contains(version)))
        {
            string here = $"{path}.{field.Name}";
            string type = field.Kind.ToString().ToLowerInvariant();
            yield return Describe(
                here,
                field.IsArray,
                type,
                field.Nullable.Contains(version),
                field.Tag,
                field.Default ?? PlainDefault(type, field.IsArray),
                withIgnorable && field.IsIgnorable);
            if (field.Struct is not null)
            {
                foreach (string line in Of(field.Struct, version, withIgnorable, here))
                {
                    yield return line;
                }
            }
        }
    }
}
