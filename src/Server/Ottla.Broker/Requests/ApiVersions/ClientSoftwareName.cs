namespace Ottla.Broker.Requests.ApiVersions;

/// <summary>The rule for what a client calls itself in ApiVersions: letters, digits, dots and dashes, the last two not at the ends (KIP-511).</summary>
internal static class ClientSoftwareName
{
    public static bool IsValid(string name)
    {
        if (name.Length == 0 || !char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]))
        {
            return false;
        }

        foreach (char character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
