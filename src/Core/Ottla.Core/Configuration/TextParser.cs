namespace Ottla.Core.Configuration;

/// <summary>Text, any or one of a few words.</summary>
/// <param name="words">The words allowed; none allows any text.</param>
internal sealed class TextParser(params string[] words) : ValueParser<string>
{
    public override string Allowed => words.Length == 0 ? "any text" : "one of " + string.Join(", ", words);

    public override bool TryParse(string text, out string value)
    {
        value = text.Trim();
        return words.Length == 0 || words.Contains(value, StringComparer.Ordinal);
    }
}
