using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Generator.Emission;

/// <summary>Emits the write pass over a struct; it relies on the size pass having refused what the version cannot carry.</summary>
internal sealed class WriteEmitter(CodeWriter code, MessageSchema message, MeasureEmitter measure)
{
    public void EmitWrite(StructSchema block, string modifiers)
    {
        code.Open($"{modifiers} void Write(ref ProtocolWriter writer, short version)");
        Guards.EmitFlexibleLocal(code, message, block);
        foreach (FieldGroup group in FieldGroup.Of(block))
        {
            code.OpenIf(group.Condition);
            foreach (FieldSchema field in group.Fields)
            {
                EmitValue(field, group.Context);
            }

            code.CloseIf(group.Condition);
        }

        if (Guards.CanBeFlexible(message, block))
        {
            EmitTagSection(block);
        }

        code.Close();
    }

    private void EmitTagSection(StructSchema block)
    {
        bool isConditional = !Guards.IsAlwaysFlexible(message, block);
        if (isConditional)
        {
            code.Open("if (flexible)");
        }

        code.Line(block.TaggedFields.Any()
            ? "WriteTaggedFields(ref writer, version);"
            : "TaggedFields.Write(ref writer, UnknownTaggedFields);");
        if (isConditional)
        {
            code.Close();
        }
    }

    /// <summary>Known and unknown fields are merged by tag, so that a rewritten message has the bytes of the one that was read.</summary>
    public void EmitTaggedFields(StructSchema block)
    {
        if (!Guards.CanBeFlexible(message, block) || !block.TaggedFields.Any())
        {
            return;
        }

        VersionSpan context = block.Versions.Intersect(message.Flexible);
        code.Line();
        code.Open("private void WriteTaggedFields(ref ProtocolWriter writer, short version)");
        code.Line("int tagCount = TaggedFields.CountOf(UnknownTaggedFields);");
        foreach (FieldSchema field in block.TaggedFields)
        {
            code.Open($"if ({IsWritten(field, context)})");
            code.Line("tagCount++;");
            code.Close();
        }

        code.Line();
        code.Line("writer.WriteUnsignedVarint((uint)tagCount);");
        code.Line("UnknownTaggedFieldCursor unknown = new(UnknownTaggedFields);");
        foreach (FieldSchema field in block.TaggedFields)
        {
            code.Open($"if ({IsWritten(field, context)})");
            code.Line($"unknown.WriteBefore(ref writer, {field.Tag});");
            code.Line("MessageSize size = default;");
            measure.EmitValue(block, field, context.Intersect(field.Versions));
            code.Line($"writer.WriteUnsignedVarint({field.Tag});");
            code.Line("writer.WriteUnsignedVarint((uint)size.Total);");
            EmitValue(field, context.Intersect(field.Versions));
            code.Close();
        }

        code.Line();
        code.Line("unknown.WriteRest(ref writer);");
        code.Close();
    }

    private static string IsWritten(FieldSchema field, VersionSpan context) =>
        Conditions.When(field.Versions, context) is { } condition ? $"{condition} && {FieldText.IsSet(field)}" : FieldText.IsSet(field);

    private void EmitValue(FieldSchema field, VersionSpan context)
    {
        string flexible = field.IsTagged ? "true" : field.IsInflexible ? "false" : Conditions.Flexible(message, context);
        string raw = FieldText.Raw(field);
        if (field.IsArray)
        {
            string none = field.IsNullable ? "-1" : "0";
            code.Line($"writer.WriteArrayCount({raw}?.Count ?? {none}, {flexible});");
            code.Open($"foreach ({FieldText.ElementType(message, field)} item in CollectionsMarshal.AsSpan({raw}))");
            code.Line(WriteStatement(field, "item", flexible));
            code.Close();
        }
        else if (field is { Kind: FieldKind.Struct, IsNullable: true })
        {
            EmitNullableStruct(field, context);
        }
        else
        {
            code.Line(WriteStatement(field, field.Name, flexible));
        }
    }

    private void EmitNullableStruct(FieldSchema field, VersionSpan context)
    {
        // Kafka marks null with -1 in a plain field and with a varint of 0 in a tagged one.
        string presence = field.IsTagged
            ? $"writer.WriteUnsignedVarint({field.Name} is null ? 0u : 1u);"
            : $"writer.WriteInt8({field.Name} is null ? (sbyte)-1 : (sbyte)1);";
        if (Conditions.When(field.Nullable, context) is { } condition)
        {
            code.Open($"if ({condition})");
            code.Line(presence);
            code.Close();
        }
        else
        {
            code.Line(presence);
        }

        code.Line($"{field.Name}?.Write(ref writer, version);");
    }

    private static string WriteStatement(FieldSchema field, string value, string flexible) => field.Kind switch
    {
        FieldKind.String => $"writer.WriteString({value}, {flexible});",
        FieldKind.Bytes => $"writer.WriteBytes({value}, {flexible});",
        FieldKind.Records => $"writer.WriteRecords({value}, {flexible});",
        FieldKind.Struct => $"{value}.Write(ref writer, version);",
        _ when field.IsErrorCode => $"writer.WriteInt16((short){value});",
        _ => $"writer.Write{FieldText.MethodSuffix(field)}({value});",
    };
}
