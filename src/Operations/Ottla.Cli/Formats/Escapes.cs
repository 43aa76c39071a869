using System.Globalization;
using System.Text;
using Ottla.Cli.CommandLine;

namespace Ottla.Cli.Formats;

/// <summary>Reads <c>\n</c>, <c>\t</c>, <c>\r</c>, <c>\0</c>, <c>\\</c> and <c>\xHH</c>, which shells leave alone.</summary>
internal static class Escapes
{
    /// <exception cref="UsageException">A backslash is followed by something else.</exception>
    public static string Read(string option, string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (int index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\')
            {
                plain.Append(text[index]);
                continue;
            }

            index++;
            switch (index < text.Length ? text[index] : '\0')
            {
                case 'n':
                    plain.Append('\n');
                    break;
                case 't':
                    plain.Append('\t');
                    break;
                case 'r':
                    plain.Append('\r');
                    break;
                case '0':
                    plain.Append('\0');
                    break;
                case '\\':
                    plain.Append('\\');
                    break;
                case 'x' when index + 2 < text.Length
                    && byte.TryParse(text.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte code):
                    plain.Append((char)code);
                    index += 2;
                    break;
                default:
                    throw new UsageException($"{option}: unknown escape in \"{text}\"; allowed are \\n, \\t, \\r, \\0, \\\\ and \\xHH.");
            }
        }

        return plain.ToString();
    }
}
