using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Generator.Emission;

/// <summary>Emits the size pass over a struct, which also refuses values that the version cannot carry.</summary>
internal sealed class MeasureEmitter(CodeWriter code, MessageSchema message)
{
    public void EmitMeasure(StructSchema block, string modifiers)
    {
        code.Open($"{modifiers} void Measure(ref MessageSize size, short version)");
        if (block == message.Root)
        {
            Guards.EmitVersionCheck(code, message);
        }

        Guards.EmitFlexibleLocal(code, message, block);
        EmitFixedFields(block.PlainFields.Where(field => Conditions.When(field.Versions, block.Versions) is null));
        foreach (FieldGroup group in FieldGroup.Of(block))
        {
            code.OpenIf(group.Condition);
            if (group.Condition is not null)
            {
                EmitFixedFields(group.Fields);
            }

            foreach (FieldSchema field in group.Fields.Where(field => !IsFixed(field)))
            {
                EmitValue(block, field, group.Context);
            }

            code.CloseIf(group.Condition);
            EmitElseRefuse(block, group.Fields);
        }

        EmitTagSection(block);
        code.Close();
    }

    private static bool IsFixed(FieldSchema field) => FieldText.FixedSize(field) > 0 && !field.IsArray;

    private void EmitFixedFields(IEnumerable<FieldSchema> fields)
    {
        int total = fields.Where(IsFixed).Sum(FieldText.FixedSize);
        if (total > 0)
        {
            code.Line($"size.Add({total});");
        }
    }

    /// <summary>A set field that the version lacks is an error, unless the schema says that it may be dropped.</summary>
    private void EmitElseRefuse(StructSchema block, IEnumerable<FieldSchema> fields)
    {
        List<FieldSchema> refused = fields.Where(field => !field.IsIgnorable && !field.Versions.Covers(block.Versions)).ToList();
        if (refused.Count == 0)
        {
            return;
        }

        code.Open("else");
        EmitRefuse(block, refused);
        code.Close();
    }

    private void EmitRefuse(StructSchema block, IEnumerable<FieldSchema> fields)
    {
        foreach (FieldSchema field in fields)
        {
            code.Open($"if ({FieldText.IsSet(field)})");
            code.Line($"SchemaGuards.ThrowFieldNotInVersion(\"{PathOf(block, field)}\", version);");
            code.Close();
        }
    }

    private void EmitTagSection(StructSchema block)
    {
        if (!Guards.CanBeFlexible(message, block))
        {
            return;
        }

        if (Guards.IsAlwaysFlexible(message, block))
        {
            EmitTags(block);
            return;
        }

        code.Open("if (flexible)");
        EmitTags(block);
        code.Close();
        code.Open("else");
        EmitRefuse(block, block.TaggedFields.Where(field => !field.IsIgnorable));
        code.Open("if (!UnknownTaggedFields.IsEmpty)");
        code.Line($"SchemaGuards.ThrowFieldNotInVersion(\"{message.ClassName}.UnknownTaggedFields\", version);");
        code.Close();
        code.Close();
    }

    private void EmitTags(StructSchema block)
    {
        if (!block.TaggedFields.Any())
        {
            code.Line("size.Add(TaggedFields.SizeOf(UnknownTaggedFields));");
            return;
        }

        VersionSpan context = block.Versions.Intersect(message.Flexible);
        code.Line("int tagCount = TaggedFields.CountOf(UnknownTaggedFields);");
        code.Line("size.Add(UnknownTaggedFields.Length);");
        foreach (FieldSchema field in block.TaggedFields)
        {
            string? condition = Conditions.When(field.Versions, context);
            code.OpenIf(condition);
            code.Open($"if ({FieldText.IsSet(field)})");
            code.Line("int before = size.Total;");
            EmitValue(block, field, context.Intersect(field.Versions));
            code.Line($"size.Add(ProtocolWriter.SizeOfTag({field.Tag}, size.Total - before));");
            code.Line("tagCount++;");
            code.Close();
            code.CloseIf(condition);
            if (condition is not null)
            {
                EmitElseRefuse(block, new[] { field });
            }
        }

        code.Line("size.Add(ProtocolWriter.SizeOfUnsignedVarint((uint)tagCount));");
    }

    /// <summary>Adds one value to the <c>MessageSize</c> in the local <c>size</c>.</summary>
    public void EmitValue(StructSchema block, FieldSchema field, VersionSpan context)
    {
        EmitNullCheck(block, field, context);
        string flexible = field.IsTagged ? "true" : field.IsInflexible ? "false" : Conditions.Flexible(message, context);
        string raw = FieldText.Raw(field);
        if (field.IsArray)
        {
            EmitArray(field, raw, flexible);
            return;
        }

        switch (field.Kind)
        {
            case FieldKind.String:
                code.Line($"size.Add(ProtocolWriter.SizeOfString({raw}, {flexible}));");
                break;
            case FieldKind.Bytes:
                code.Line($"size.Add(ProtocolWriter.SizeOfBytes({raw}, {flexible}));");
                break;
            case FieldKind.Records:
                code.Line($"size.AddRecords({raw}, {flexible});");
                break;
            case FieldKind.Struct:
                EmitStruct(field, context);
                break;
            default:
                code.Line($"size.Add({FieldText.FixedSize(field)});");
                break;
        }
    }

    private void EmitStruct(FieldSchema field, VersionSpan context)
    {
        if (!field.IsNullable)
        {
            code.Line($"{field.Name}.Measure(ref size, version);");
            return;
        }

        string? nullable = Conditions.When(field.Nullable, context);
        code.Line(nullable is null ? $"size.Add(1);" : $"size.Add({nullable} ? 1 : 0);");
        code.Line($"{field.Name}?.Measure(ref size, version);");
    }

    private void EmitArray(FieldSchema field, string raw, string flexible)
    {
        string none = field.IsNullable ? "-1" : "0";
        string count = $"size.Add(ProtocolWriter.SizeOfArrayCount({raw}?.Count ?? {none}, {flexible})";
        if (FieldText.FixedSize(field) is var bytes and > 0)
        {
            code.Line($"{count} + (({raw}?.Count ?? 0) * {bytes}));");
            return;
        }

        code.Line($"{count});");
        code.Open($"foreach ({FieldText.ElementType(message, field)} item in CollectionsMarshal.AsSpan({raw}))");
        code.Line(field.Kind switch
        {
            FieldKind.Struct => $"item.Measure(ref size, version);",
            FieldKind.String => $"size.Add(ProtocolWriter.SizeOfString(item, {flexible}));",
            _ => $"size.Add(ProtocolWriter.SizeOfBytes(item, {flexible}));",
        });
        code.Close();
    }

    private void EmitNullCheck(StructSchema block, FieldSchema field, VersionSpan context)
    {
        bool isRecords = field is { Kind: FieldKind.Records, IsArray: false };
        string? nullable = Conditions.When(field.Nullable, context);
        if (nullable is null || (!field.IsNullable && !isRecords))
        {
            return;
        }

        code.Open(nullable == "false" ? $"if ({field.Name} is null)" : $"if ({field.Name} is null && !({nullable}))");
        code.Line($"SchemaGuards.ThrowNullNotInVersion(\"{PathOf(block, field)}\", version);");
        code.Close();
    }

    private string PathOf(StructSchema block, FieldSchema field) =>
        block == message.Root ? $"{message.ClassName}.{field.Name}" : $"{message.ClassName}.{block.Name}.{field.Name}";
}
