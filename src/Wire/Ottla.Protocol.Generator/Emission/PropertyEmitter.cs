using Ottla.Protocol.Generator.Schema;

namespace Ottla.Protocol.Generator.Emission;

/// <summary>Emits the properties of a struct.</summary>
internal sealed class PropertyEmitter(CodeWriter code, MessageSchema message, FieldGlossary glossary)
{
    public void EmitProperties(StructSchema block)
    {
        foreach (FieldSchema field in block.Fields.Where(FieldText.IsLazy))
        {
            code.Line($"private {FieldText.TypeOf(message, field)}? {FieldText.Raw(field)};");
        }

        foreach (FieldSchema field in block.Fields)
        {
            code.Line();
            code.Summary(Describe(block, field));
            EmitProperty(field);
        }

        if (Guards.CanBeFlexible(message, block))
        {
            code.Line();
            code.Summary("The tagged fields that this version's schema does not know, as they were read; written again as they are.");
            code.Line("public ReadOnlyMemory<byte> UnknownTaggedFields { get; set; }");
        }

        code.Line();
    }

    private void EmitProperty(FieldSchema field)
    {
        string type = FieldText.TypeOf(message, field);
        if (!FieldText.IsLazy(field))
        {
            code.Line($"public {type} {field.Name} {{ get; set; }}{FieldText.Initializer(message, field)}");
            return;
        }

        string raw = FieldText.Raw(field);
        code.Open($"public {type} {field.Name}");
        code.Line($"get => {raw} ??= new {type}();");
        code.Line($"set => {raw} = value;");
        code.Close();
    }

    private string Describe(StructSchema block, FieldSchema field)
    {
        List<string> facts = new();
        if (!field.Versions.Covers(block.Versions))
        {
            facts.Add($"{(field.Versions.Low == field.Versions.High ? "version" : "versions")} {field.Versions}");
        }

        if (field.IsTagged)
        {
            facts.Add($"tag {field.Tag}");
        }

        if (field.IsNullable)
        {
            facts.Add(field.Nullable.Covers(field.Versions) ? "may be null" : $"may be null in versions {field.Nullable}");
        }

        if (field.Default is not null)
        {
            facts.Add($"default {field.Default}");
        }

        if (field.IsIgnorable && !field.Versions.Covers(block.Versions))
        {
            facts.Add("dropped in versions without it");
        }

        string what = glossary.Describe(field);
        return facts.Count == 0 ? what : $"{what} ({char.ToUpperInvariant(facts[0][0])}{string.Join("; ", facts).Substring(1)}.)";
    }
}
