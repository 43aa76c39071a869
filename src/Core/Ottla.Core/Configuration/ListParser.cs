namespace Ottla.Core.Configuration;

/// <summary>Texts separated by commas, each once.</summary>
/// <param name="words">The words allowed; none allows any.</param>
internal sealed class ListParser(params string[] words) : ValueParser<IReadOnlyList<string>>
{
    public override string Allowed => words.Length == 0 ? "texts separated by commas" : "a list of " + string.Join(", ", words) + ", or empty";

    public override bool TryParse(string text, out IReadOnlyList<string> value)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        value = parts;
        return parts.Distinct(StringComparer.Ordinal).Count() == parts.Length
            && (words.Length == 0 || parts.All(part => words.Contains(part, StringComparer.Ordinal)));
    }
}
