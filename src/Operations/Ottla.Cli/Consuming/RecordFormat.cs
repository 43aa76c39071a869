using System.Buffers;
using System.Globalization;
using System.Text;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;
using Ottla.Client.Consuming;
using Ottla.Records;

namespace Ottla.Cli.Consuming;

/// <summary>
/// How a record becomes output: <c>%t</c> topic, <c>%p</c> partition, <c>%o</c> offset, <c>%k</c> key, <c>%v</c> or <c>%s</c> value,
/// <c>%T</c> timestamp in milliseconds, <c>%h</c> headers, <c>%K</c> and <c>%V</c> the lengths of key and value (-1 for null),
/// <c>%%</c>. Key and value are written as the bytes they are.
/// </summary>
internal sealed class RecordFormat
{
    private readonly List<(char Field, byte[] Literal)> _parts = [];

    /// <summary>Reads a format.</summary>
    /// <exception cref="UsageException">It has an unknown field.</exception>
    public RecordFormat(string option, string text)
    {
        string format = Escapes.Read(option, text);
        var literal = new StringBuilder();
        for (int index = 0; index < format.Length; index++)
        {
            if (format[index] != '%')
            {
                literal.Append(format[index]);
                continue;
            }

            char field = ++index < format.Length ? format[index] : '\0';
            if (field == '%')
            {
                literal.Append('%');
                continue;
            }

            if (!"tpoksvThKV".Contains(field, StringComparison.Ordinal))
            {
                throw new UsageException($"{option}: \"{text}\" has an unknown field; allowed are %t %p %o %k %v %s %T %h %K %V %%.");
            }

            AddLiteral(literal);
            _parts.Add((field, []));
        }

        AddLiteral(literal);
    }

    /// <summary>Writes a record.</summary>
    public void Write(IBufferWriter<byte> output, in ConsumedRecordView record, ConsumedBatch batch)
    {
        foreach ((char field, byte[] literal) in _parts)
        {
            switch (field)
            {
                case '\0':
                    output.Write(literal);
                    break;
                case 't':
                    WriteText(output, batch.Partition.Topic);
                    break;
                case 'p':
                    WriteNumber(output, batch.Partition.Partition.Value);
                    break;
                case 'o':
                    WriteNumber(output, record.Offset);
                    break;
                case 'k':
                    output.Write(record.Key);
                    break;
                case 'T':
                    WriteNumber(output, record.TimestampMilliseconds);
                    break;
                case 'h':
                    WriteHeaders(output, record);
                    break;
                case 'K':
                    WriteNumber(output, record.HasKey ? record.Key.Length : -1);
                    break;
                case 'V':
                    WriteNumber(output, record.HasValue ? record.Value.Length : -1);
                    break;
                default:
                    output.Write(record.Value);
                    break;
            }
        }
    }

    private static void WriteHeaders(IBufferWriter<byte> output, in ConsumedRecordView record)
    {
        bool isFirst = true;
        foreach (RecordHeaderView header in record.Headers)
        {
            if (!isFirst)
            {
                output.Write(","u8);
            }

            output.Write(header.Key);
            output.Write("="u8);
            output.Write(header.Value.Span);
            isFirst = false;
        }
    }

    private static void WriteText(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);

    private static void WriteNumber(IBufferWriter<byte> output, long number)
    {
        Span<byte> bytes = output.GetSpan(20);
        number.TryFormat(bytes, out int written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private void AddLiteral(StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            _parts.Add(('\0', Encoding.UTF8.GetBytes(literal.ToString())));
            literal.Clear();
        }
    }
}
