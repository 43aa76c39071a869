namespace Ottla.Protocol.Generator.Schema;

/// <summary>A group of fields: a message itself, or a struct inside one.</summary>
internal sealed class StructSchema
{
    public string Name { get; set; } = "";

    public VersionSpan Versions { get; set; }

    public List<FieldSchema> Fields { get; } = new();

    /// <summary>The line in the schema file, from 0.</summary>
    public int Line { get; set; }

    public IEnumerable<FieldSchema> PlainFields => Fields.Where(member => !member.IsTagged);

    public IEnumerable<FieldSchema> TaggedFields => Fields.Where(member => member.IsTagged).OrderBy(member => member.Tag);
}
