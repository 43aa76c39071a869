namespace Ottla.Core.Configuration;

/// <summary>Texts separated by commas, each once; words may come again, for that changes nothing.</summary>
/// <param name="words">The words allowed; none allows any.</param>
internal sealed class ListParser(params string[] words) : ValueParser<IReadOnlyList<string>>
{
    public override string Allowed => words.Length == 0 ? "texts separated by commas" : "a list of " + string.Join(", ", words) + ", or empty";

    public override bool TryParse(string text, out IReadOnlyList<string> value)
    {
        // Of free texts a comma at the end is forgiven; a list of words is right or wrong.
        bool isForgiving = words.Length == 0 || string.IsNullOrWhiteSpace(text);
        string[] parts = text.Split(',', isForgiving ? StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries : StringSplitOptions.TrimEntries);
        value = parts;
        return words.Length == 0
            ? parts.Distinct(StringComparer.Ordinal).Count() == parts.Length
            : parts.All(part => words.Contains(part, StringComparer.Ordinal));
    }
}
