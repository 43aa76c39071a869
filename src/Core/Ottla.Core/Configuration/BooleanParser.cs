namespace Ottla.Core.Configuration;

/// <summary>true or false, in any case.</summary>
internal sealed class BooleanParser : ValueParser<bool>
{
    public override string Allowed => "true or false";

    public override bool TryParse(string text, out bool value)
    {
        string trimmed = text.Trim();
        value = string.Equals(trimmed, "true", StringComparison.OrdinalIgnoreCase);
        return value || string.Equals(trimmed, "false", StringComparison.OrdinalIgnoreCase);
    }
}
