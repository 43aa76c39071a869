namespace Ottla.Protocol.Generator.Schema;

/// <summary>The rules that a well-formed schema still can break, and that the emitter relies on.</summary>
internal static class SchemaChecker
{
    private static readonly HashSet<string> MembersOfEveryMessage = new(StringComparer.Ordinal)
    {
        "ApiKey", "FirstFlexibleVersion", "Measure", "Read", "RecordType", "UnknownTaggedFields", "Versions", "Write",
    };

    private static readonly HashSet<string> MembersOfEveryStruct = new(StringComparer.Ordinal)
    {
        "HasOnlyDefaults", "Measure", "MinimumSize", "Read", "UnknownTaggedFields", "Write",
    };

    public static void Check(MessageSchema message, List<SchemaError> errors)
    {
        CheckBlock(message, message.Root, errors);
        foreach (StructSchema block in message.Structs)
        {
            CheckBlock(message, block, errors);
            if (block.Name == message.ClassName || message.Root.Fields.Any(field => field.Name == block.Name))
            {
                errors.Add(new SchemaError(block.Line, $"The struct {block.Name} needs another name: the message or one of its fields has this one."));
            }

            if (ContainsItself(block, block, new HashSet<StructSchema>()))
            {
                errors.Add(new SchemaError(block.Line, $"The struct {block.Name} contains itself."));
            }
        }
    }

    private static void CheckBlock(MessageSchema message, StructSchema block, List<SchemaError> errors)
    {
        HashSet<string> reserved = block == message.Root ? MembersOfEveryMessage : MembersOfEveryStruct;
        HashSet<string> names = new(StringComparer.Ordinal);
        HashSet<int> tags = new();
        foreach (FieldSchema field in block.Fields)
        {
            void Fail(string text) => errors.Add(new SchemaError(field.Line, text));

            if (!names.Add(field.Name) || reserved.Contains(field.Name) || field.Name == block.Name)
            {
                Fail($"The name {field.Name} is taken.");
            }

            if (field.Name[0] is < 'A' or > 'Z')
            {
                Fail("A field's name starts with a capital letter.");
            }

            if (field.IsTagged && (!tags.Add(field.Tag) || !message.Flexible.Covers(field.Versions)))
            {
                Fail("A tag occurs once in a struct, and only in flexible versions.");
            }

            CheckType(field, Fail);
        }
    }

    private static void CheckType(FieldSchema field, Action<string> fail)
    {
        bool canBeNull = field.IsArray || field.Kind is FieldKind.String or FieldKind.Bytes or FieldKind.Records or FieldKind.Struct;
        if (field.IsNullable && !canBeNull)
        {
            fail("Only strings, bytes, records, arrays and structs can be null.");
        }

        if (field.Kind == FieldKind.Records && (field.IsArray || field.IsTagged))
        {
            fail("Records are neither an array's element nor tagged.");
        }

        if (field.Struct is { } block && !block.Versions.Covers(field.Versions))
        {
            fail($"The struct {block.Name} exists in versions {block.Versions}, the field in {field.Versions}.");
        }

        if (field.Default is not null && !IsDefaultOf(field, field.Default))
        {
            fail($"'{field.Default}' is not a default for this type.");
        }
    }

    private static bool IsDefaultOf(FieldSchema field, string text) => field switch
    {
        _ when text == "null" => field.IsNullable,
        { IsArray: true } => false,
        { Kind: FieldKind.Bool } => text is "true" or "false",
        { Kind: FieldKind.Int8 } => sbyte.TryParse(text, out _),
        { Kind: FieldKind.Int16 } => short.TryParse(text, out _),
        { Kind: FieldKind.UInt16 } => ushort.TryParse(text, out _),
        { Kind: FieldKind.Int32 } => int.TryParse(text, out _),
        { Kind: FieldKind.UInt32 } => uint.TryParse(text, out _),
        { Kind: FieldKind.Int64 } => long.TryParse(text, out _),
        _ => false,
    };

    private static bool ContainsItself(StructSchema block, StructSchema sought, HashSet<StructSchema> seen)
    {
        foreach (FieldSchema field in block.Fields)
        {
            if (field.Struct is { } inner && (inner == sought || (seen.Add(inner) && ContainsItself(inner, sought, seen))))
            {
                return true;
            }
        }

        return false;
    }
}
