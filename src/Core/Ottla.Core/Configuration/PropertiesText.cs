using System.Text;

namespace Ottla.Core.Configuration;

/// <summary>Reads Java's properties format, in which <c>server.properties</c> is written.</summary>
public static class PropertiesText
{
    /// <summary>
    /// The settings in their order. Lines that begin with # or ! are comments, a backslash at the end continues a line, and key and
    /// value are parted by =, : or white space.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text)
    {
        List<KeyValuePair<string, string>> settings = [];
        foreach (string line in JoinContinued(text))
        {
            int end = FindKeyEnd(line);
            int value = end;
            while (value < line.Length && char.IsWhiteSpace(line[value]))
            {
                value++;
            }

            if (value < line.Length && line[value] is '=' or ':')
            {
                value++;
            }

            settings.Add(new KeyValuePair<string, string>(Unescape(line[..end]), Unescape(line[value..].Trim())));
        }

        return settings;
    }

    private static IEnumerable<string> JoinContinued(string text)
    {
        StringBuilder logical = new();
        foreach (string physical in text.Split('\n'))
        {
            string line = physical.TrimEnd('\r').TrimStart();
            if (logical.Length == 0 && (line.Length == 0 || line[0] is '#' or '!'))
            {
                continue;
            }

            int slashes = line.Length - line.TrimEnd('\\').Length;
            if (slashes % 2 == 1)
            {
                logical.Append(line, 0, line.Length - 1);
                continue;
            }

            yield return logical.Append(line).ToString();
            logical.Clear();
        }

        if (logical.Length > 0)
        {
            yield return logical.ToString();
        }
    }

    private static int FindKeyEnd(string line)
    {
        for (int index = 0; index < line.Length; index++)
        {
            if (line[index] == '\\')
            {
                index++;
            }
            else if (line[index] is '=' or ':' || char.IsWhiteSpace(line[index]))
            {
                return index;
            }
        }

        return line.Length;
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder plain = new(text.Length);
        for (int index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\' || index + 1 == text.Length)
            {
                plain.Append(text[index]);
                continue;
            }

            char escaped = text[++index];
            if (escaped == 'u' && index + 4 < text.Length
                && ushort.TryParse(text.AsSpan(index + 1, 4), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture, out ushort code))
            {
                plain.Append((char)code);
                index += 4;
                continue;
            }

            plain.Append(escaped switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'f' => '\f', _ => escaped });
        }

        return plain.ToString();
    }
}
