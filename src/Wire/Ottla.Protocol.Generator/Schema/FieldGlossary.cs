namespace Ottla.Protocol.Generator.Schema;

/// <summary>What field names mean wherever they occur: one line each, a name and its meaning. Compared by its text.</summary>
internal sealed class FieldGlossary : IEquatable<FieldGlossary>
{
    private readonly string _text;
    private readonly Dictionary<string, string> _meanings = new(StringComparer.Ordinal);

    public FieldGlossary(string text)
    {
        _text = text;
        foreach (string line in text.Split('\n'))
        {
            int blank = line.IndexOf(' ');
            if (blank > 0 && line[0] != '#')
            {
                _meanings[line.Substring(0, blank)] = line.Substring(blank).Trim();
            }
        }
    }

    public static FieldGlossary Empty { get; } = new("");

    public IEnumerable<string> Names => _meanings.Keys;

    /// <summary>The meaning of the field: its own comment, that of its name, or just the name.</summary>
    public string Describe(FieldSchema field) =>
        field.Description.Length > 0 ? field.Description
            : _meanings.TryGetValue(field.Name, out string? meaning) ? meaning
            : $"{field.Name}.";

    public bool Equals(FieldGlossary? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as FieldGlossary);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);
}
