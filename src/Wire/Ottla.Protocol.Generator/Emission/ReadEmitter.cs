using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Generator.Emission;

/// <summary>Emits the method that reads a struct, and the one that says how small it can be.</summary>
internal sealed class ReadEmitter(CodeWriter code, MessageSchema message)
{
    public void EmitRead(StructSchema block, string type, string modifiers)
    {
        code.Open($"{modifiers} static {type} Read(ref ProtocolReader reader, short version)");
        if (block == message.Root)
        {
            Guards.EmitVersionCheck(code, message);
        }

        Guards.EmitFlexibleLocal(code, message, block);
        code.Line($"{type} message = new();");
        foreach (FieldGroup group in FieldGroup.Of(block))
        {
            code.OpenIf(group.Condition);
            foreach (FieldSchema field in group.Fields)
            {
                EmitField(field, group.Context);
            }

            code.CloseIf(group.Condition);
        }

        EmitTagSection(block);
        code.Line();
        code.Line("return message;");
        code.Close();
        if (Guards.CanBeFlexible(message, block) && block.TaggedFields.Any())
        {
            EmitTaggedFields(block, type);
        }
    }

    public void EmitMinimumSize(StructSchema block)
    {
        int always = Guards.IsAlwaysFlexible(message, block) ? 1 : 0;
        List<string> terms = new();
        foreach (FieldSchema field in block.PlainFields)
        {
            if (field is { Kind: FieldKind.Struct, IsArray: false, IsNullable: false })
            {
                string size = $"{FieldText.StructType(message, field)}.MinimumSize(version)";
                terms.Add(Conditions.When(field.Versions, block.Versions) is { } when ? $"({when} ? {size} : 0)" : size);
            }
            else if (Conditions.When(field.Versions, block.Versions) is { } condition)
            {
                terms.Add($"({condition} ? {MinimumOf(field)} : 0)");
            }
            else
            {
                always += MinimumOf(field);
            }
        }

        terms.Insert(0, $"{Math.Max(1, always)}");
        code.Line($"internal static int MinimumSize(short version) => {string.Join(" + ", terms)};");
    }

    /// <summary>A lower bound for all versions of the field: the compact length where some of them are flexible.</summary>
    private int MinimumOf(FieldSchema field)
    {
        bool isCompact = !message.Flexible.Intersect(field.Versions).IsEmpty && !field.IsInflexible;
        return field switch
        {
            { IsArray: true } => isCompact ? 1 : 4,
            { Kind: FieldKind.String } => isCompact ? 1 : 2,
            { Kind: FieldKind.Bytes or FieldKind.Records } => isCompact ? 1 : 4,
            { Kind: FieldKind.Struct } => 1,
            _ => FieldText.FixedSize(field),
        };
    }

    private void EmitTagSection(StructSchema block)
    {
        if (!Guards.CanBeFlexible(message, block))
        {
            return;
        }

        string read = block.TaggedFields.Any()
            ? "ReadTaggedFields(ref reader, version, message);"
            : "message.UnknownTaggedFields = TaggedFields.Read(ref reader);";
        if (Guards.IsAlwaysFlexible(message, block))
        {
            code.Line(read);
            return;
        }

        code.Open("if (flexible)");
        code.Line(read);
        code.Close();
    }

    private void EmitTaggedFields(StructSchema block, string type)
    {
        VersionSpan context = block.Versions.Intersect(message.Flexible);
        code.Line();
        code.Open($"private static void ReadTaggedFields(ref ProtocolReader reader, short version, {type} message)");
        code.Line("int tagCount = reader.ReadTaggedFieldCount();");
        code.Line("int previousTag = -1;");
        code.Line("UnknownTaggedFieldCollector unknown = default;");
        code.Open("for (int tagIndex = 0; tagIndex < tagCount; tagIndex++)");
        code.Line("int start = reader.Position;");
        code.Line("int tag = reader.ReadTag(ref previousTag, out int sizeInBytes);");
        code.Line("int end = reader.Position + sizeInBytes;");
        code.Open("switch (tag)");
        foreach (FieldSchema field in block.TaggedFields)
        {
            string when = Conditions.When(field.Versions, context) is { } condition ? $" when {condition}" : "";
            code.Open($"case {field.Tag}{when}:");
            EmitField(field, context.Intersect(field.Versions));
            code.Line("reader.RequireTaggedFieldEnd(end);");
            code.Line("break;");
            code.Close();
        }

        code.Open("default:");
        code.Line("reader.Skip(sizeInBytes);");
        code.Line("unknown.Add(ref reader, start);");
        code.Line("break;");
        code.Close();
        code.Close();
        code.Close();
        code.Line();
        code.Line("message.UnknownTaggedFields = unknown.ToMemory(ref reader);");
        code.Close();
    }

    private void EmitField(FieldSchema field, VersionSpan context)
    {
        string flexible = FlexibleOf(field, context);
        string? nullable = Conditions.When(field.Nullable, context);
        if (!field.IsArray)
        {
            code.Line($"message.{field.Name} = {ReadExpression(field, flexible, nullable)};");
            return;
        }

        string minimum = MinimumElement(field, context);
        string strict = $"reader.ReadRequiredArrayCount({flexible}, {minimum})";
        string lenient = $"reader.ReadArrayCount({flexible}, {minimum})";
        string element = FieldText.ElementType(message, field);
        string count = FieldText.CamelCase(field) + "Count";
        string items = FieldText.CamelCase(field) + "Items";
        code.Line($"int {count} = {Choose(nullable, lenient, strict)};");
        if (field.IsNullable)
        {
            code.Open($"if ({count} < 0)");
            code.Line($"message.{field.Name} = null;");
            code.Close();
        }

        // An empty list that may not be null is left to the property, which makes it when somebody asks.
        code.Open(field.IsNullable ? "else" : $"if ({count} > 0)");
        code.Line($"List<{element}> {items} = new({count});");
        code.Open($"for (int index = 0; index < {count}; index++)");
        code.Line($"{items}.Add({ReadExpression(field, flexible, "false")});");
        code.Close();
        code.Line();
        code.Line($"message.{field.Name} = {items};");
        code.Close();
    }

    private string MinimumElement(FieldSchema field, VersionSpan context)
    {
        bool isCompact = !message.Flexible.Intersect(context).IsEmpty && !field.IsInflexible;
        return field.Kind switch
        {
            FieldKind.Struct => $"{FieldText.StructType(message, field)}.MinimumSize(version)",
            FieldKind.String => isCompact ? "1" : "2",
            FieldKind.Bytes => isCompact ? "1" : "4",
            _ => $"{FieldText.FixedSize(field)}",
        };
    }

    private string FlexibleOf(FieldSchema field, VersionSpan context)
    {
        string flexible = field.IsInflexible ? "false" : Conditions.Flexible(message, context);
        return field.IsTagged ? "true" : flexible;
    }

    /// <param name="nullable">The condition that null is allowed; null when it always is, "false" when it never is.</param>
    private string ReadExpression(FieldSchema field, string flexible, string? nullable)
    {
        switch (field.Kind)
        {
            case FieldKind.String:
                return Choose(nullable, $"reader.ReadNullableString({flexible})", $"reader.ReadString({flexible})");
            case FieldKind.Bytes or FieldKind.Records:
                return Choose(nullable, $"reader.ReadNullableBytes({flexible})", $"reader.ReadBytes({flexible})");
            case FieldKind.Struct:
                string read = $"{FieldText.StructType(message, field)}.Read(ref reader, version)";
                string isPresent = field.IsTagged ? "reader.ReadUnsignedVarint() != 0" : "reader.ReadIsPresent()";
                return Choose(nullable, $"{isPresent} ? {read} : null", read);
            default:
                string value = $"reader.Read{FieldText.MethodSuffix(field)}()";
                return field.IsErrorCode ? $"(global::Ottla.Protocol.ErrorCode){value}" : value;
        }
    }

    private static string Choose(string? condition, string yes, string no) => condition switch
    {
        null => yes,
        "false" => no,
        _ => $"{condition} ? ({yes}) : {no}",
    };
}
