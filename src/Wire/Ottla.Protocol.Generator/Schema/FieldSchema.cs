namespace Ottla.Protocol.Generator.Schema;

/// <summary>One field of a message or struct.</summary>
internal sealed class FieldSchema
{
    public string Name { get; set; } = "";

    /// <summary>The field's type, or the type of its elements when it is an array.</summary>
    public FieldKind Kind { get; set; }

    public bool IsArray { get; set; }

    /// <summary>The struct's name as the schema spells it, when <see cref="Kind"/> says struct.</summary>
    public string StructName { get; set; } = "";

    public StructSchema? Struct { get; set; }

    /// <summary>The versions that carry the field, always within those of the enclosing struct.</summary>
    public VersionSpan Versions { get; set; }

    /// <summary>The versions in which it may be null.</summary>
    public VersionSpan Nullable { get; set; } = VersionSpan.None;

    /// <summary>Its tag, or -1 when it is not a tagged field (KIP-482).</summary>
    public int Tag { get; set; } = -1;

    /// <summary>The default as the schema spells it, without quotes; null when the type's own default applies.</summary>
    public string? Default { get; set; }

    /// <summary>Whether a value may be dropped silently when the version lacks the field.</summary>
    public bool IsIgnorable { get; set; }

    /// <summary>Whether it keeps the old length encoding in flexible versions (only the client id of the request header).</summary>
    public bool IsInflexible { get; set; }

    /// <summary>The schema's own words on the field, or empty.</summary>
    public string Description { get; set; } = "";

    /// <summary>The line in the schema file, from 0.</summary>
    public int Line { get; set; }

    public bool IsTagged => Tag >= 0;

    public bool IsNullable => !Nullable.IsEmpty;

    public bool DefaultsToNull => Default == "null" || (Kind == FieldKind.Records && !IsArray);

    /// <summary>An error code on the wire, which the generated property gives its own type.</summary>
    public bool IsErrorCode => Kind == FieldKind.Int16 && !IsArray && Name.EndsWith("ErrorCode", StringComparison.Ordinal);
}
