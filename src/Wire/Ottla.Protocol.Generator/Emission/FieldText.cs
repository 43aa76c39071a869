using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Generator.Emission;

/// <summary>How a field looks in C#: its type, where it is stored, and when it counts as set.</summary>
internal static class FieldText
{
    private const string ErrorCode = "global::Ottla.Protocol.ErrorCode";

    /// <summary>The type of the property.</summary>
    public static string TypeOf(MessageSchema message, FieldSchema field)
    {
        string element = field.IsErrorCode ? ErrorCode : ElementType(message, field);
        string type = field.IsArray ? $"List<{element}>" : element;
        return field.IsNullable || field is { Kind: FieldKind.Records, IsArray: false } ? type + "?" : type;
    }

    public static string ElementType(MessageSchema message, FieldSchema field) => field.Kind switch
    {
        FieldKind.Bool => "bool",
        FieldKind.Int8 => "sbyte",
        FieldKind.Int16 => "short",
        FieldKind.UInt16 => "ushort",
        FieldKind.Int32 => "int",
        FieldKind.UInt32 => "uint",
        FieldKind.Int64 => "long",
        FieldKind.Float64 => "double",
        FieldKind.Uuid => "Guid",
        FieldKind.String => "string",
        FieldKind.Struct => StructType(message, field),
        _ => "ReadOnlyMemory<byte>",
    };

    /// <summary>Qualified by the message, because a property of the struct may have a nested class's name.</summary>
    public static string StructType(MessageSchema message, FieldSchema field) => $"{message.ClassName}.{field.StructName}";

    /// <summary>Whether the property makes its list or struct only when somebody asks for it: most readers replace it anyway.</summary>
    public static bool IsLazy(FieldSchema field) => !field.IsNullable && (field.IsArray || field.Kind == FieldKind.Struct);

    /// <summary>What to read the value from inside the class: the backing field, which may be null, or the property.</summary>
    public static string Raw(FieldSchema field) =>
        IsLazy(field) ? "_" + CamelCase(field) : field.Name;

    public static string CamelCase(FieldSchema field) => char.ToLowerInvariant(field.Name[0]) + field.Name.Substring(1);

    /// <summary>How many bytes a value of a fixed size takes; 0 for the other types.</summary>
    public static int FixedSize(FieldSchema field) => field.Kind switch
    {
        FieldKind.Bool or FieldKind.Int8 => 1,
        FieldKind.Int16 or FieldKind.UInt16 => 2,
        FieldKind.Int32 or FieldKind.UInt32 => 4,
        FieldKind.Int64 or FieldKind.Float64 => 8,
        FieldKind.Uuid => 16,
        _ => 0,
    };

    /// <summary>The name of the type in the readers' and writers' method names.</summary>
    public static string MethodSuffix(FieldSchema field) => field.Kind == FieldKind.Bool ? "Boolean" : field.Kind.ToString();

    /// <summary>The property's initializer, with its equals sign; empty when the type's default is right.</summary>
    public static string Initializer(MessageSchema message, FieldSchema field)
    {
        if (field.DefaultsToNull || IsLazy(field))
        {
            return "";
        }

        return field switch
        {
            { IsArray: true } => " = [];",
            { Kind: FieldKind.Struct } => $" = new {StructType(message, field)}();",
            { Kind: FieldKind.String } => " = \"\";",
            { Kind: FieldKind.Bytes, IsNullable: true } => " = ReadOnlyMemory<byte>.Empty;",
            { Default: { } text } => $" = {(field.IsErrorCode ? $"({ErrorCode})" : "")}{text};",
            _ => "",
        };
    }

    /// <summary>The condition that the field has another value than its default.</summary>
    public static string IsSet(FieldSchema field)
    {
        string raw = Raw(field);
        return field switch
        {
            { DefaultsToNull: true } => $"{raw} is not null",
            { IsArray: true, IsNullable: false } => $"{raw} is {{ Count: > 0 }}",
            { IsArray: true } => $"{raw} is not {{ Count: 0 }}",
            { Kind: FieldKind.Struct, IsNullable: false } => $"{raw} is {{ HasOnlyDefaults: false }}",
            { Kind: FieldKind.Struct } => $"{raw} is not {{ HasOnlyDefaults: true }}",
            { Kind: FieldKind.String } => $"{raw} is not {{ Length: 0 }}",
            { Kind: FieldKind.Bytes, IsNullable: true } => $"{raw} is not {{ IsEmpty: true }}",
            { Kind: FieldKind.Bytes } => $"!{raw}.IsEmpty",
            { Kind: FieldKind.Bool } => field.Default == "true" ? $"!{raw}" : raw,
            { Kind: FieldKind.Uuid } => $"{raw} != Guid.Empty",
            { IsErrorCode: true } => $"(short){raw} != {field.Default ?? "0"}",
            _ => $"{raw} != {field.Default ?? "0"}",
        };
    }
}
