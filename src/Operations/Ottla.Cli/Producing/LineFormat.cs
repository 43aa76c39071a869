using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;

namespace Ottla.Cli.Producing;

/// <summary>
/// How a line of input becomes a record: fields (<c>%k</c> key, <c>%v</c> value, <c>%p</c> partition, <c>%T</c> timestamp) with text
/// between them. A field ends where the text after it begins, the last one at the end of the line.
/// </summary>
internal sealed class LineFormat
{
    private readonly string _prefix;
    private readonly List<(char Field, string Separator)> _fields;

    private LineFormat(string prefix, List<(char Field, string Separator)> fields)
    {
        _prefix = prefix;
        _fields = fields;
    }

    /// <summary>The whole line is the value.</summary>
    public static LineFormat ValueOnly { get; } = new(string.Empty, [('v', string.Empty)]);

    /// <summary>Key and value with a separator between them.</summary>
    public static LineFormat KeyAndValue(string separator) => new(string.Empty, [('k', separator), ('v', string.Empty)]);

    /// <summary>Reads a format.</summary>
    /// <exception cref="UsageException">It has an unknown field, one twice, or two without text between them.</exception>
    public static LineFormat Parse(string option, string text)
    {
        var fields = new List<(char Field, string Separator)>();
        string literal = string.Empty;
        string prefix = string.Empty;
        string format = Escapes.Read(option, text);
        for (int index = 0; index < format.Length; index++)
        {
            if (format[index] != '%' || (index + 1 < format.Length && format[index + 1] == '%' && ++index > 0))
            {
                literal += format[index];
                continue;
            }

            char field = ++index < format.Length ? format[index] : '\0';
            field = field == 's' ? 'v' : field;
            if (field is not ('k' or 'v' or 'p' or 'T') || fields.Exists(known => known.Field == field))
            {
                throw new UsageException($"{option}: \"{text}\" has an unknown field or one twice; allowed are %k, %v, %p, %T and %%.");
            }

            Close(option, text, fields, ref prefix, literal);
            literal = string.Empty;
            fields.Add((field, string.Empty));
        }

        if (fields.Count == 0)
        {
            throw new UsageException($"{option}: \"{text}\" has no field; allowed are %k, %v, %p, %T.");
        }

        fields[^1] = (fields[^1].Field, literal);
        return new LineFormat(prefix, fields);
    }

    /// <summary>Takes a line apart; false if it does not have the format.</summary>
    public bool TryRead(string line, Dictionary<char, string> fields)
    {
        fields.Clear();
        if (!line.StartsWith(_prefix, StringComparison.Ordinal))
        {
            return false;
        }

        int position = _prefix.Length;
        for (int index = 0; index < _fields.Count; index++)
        {
            (char field, string separator) = _fields[index];
            bool isLast = index == _fields.Count - 1;
            int end = separator.Length == 0 ? line.Length
                : isLast ? EndingAt(line, position, separator)
                : line.IndexOf(separator, position, StringComparison.Ordinal);
            if (end < 0)
            {
                return false;
            }

            fields[field] = line[position..end];
            position = end + separator.Length;
        }

        return true;
    }

    private static int EndingAt(string line, int from, string suffix) =>
        line.EndsWith(suffix, StringComparison.Ordinal) && line.Length - suffix.Length >= from ? line.Length - suffix.Length : -1;

    private static void Close(
        string option, string text, List<(char Field, string Separator)> fields, ref string prefix, string literal)
    {
        if (fields.Count == 0)
        {
            prefix = literal;
            return;
        }

        if (literal.Length == 0)
        {
            throw new UsageException($"{option}: \"{text}\" has two fields without text between them.");
        }

        fields[^1] = (fields[^1].Field, literal);
    }
}
