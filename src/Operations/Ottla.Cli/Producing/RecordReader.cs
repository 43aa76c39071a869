using System.Globalization;
using System.Text;
using Ottla.Cli.CommandLine;
using Ottla.Client.Producing;
using Ottla.Records;

namespace Ottla.Cli.Producing;

/// <summary>Turns lines into records.</summary>
internal sealed class RecordReader(string topic, LineFormat format, RecordHeader[] headers, int? partition, bool nullIfEmpty)
{
    private readonly Dictionary<char, string> _fields = [];

    /// <exception cref="CommandFailedException">The line does not have the format.</exception>
    public ProducerRecord Read(string line, long lineNumber)
    {
        if (!format.TryRead(line, _fields))
        {
            throw new CommandFailedException(
                string.Create(CultureInfo.InvariantCulture, $"line {lineNumber} does not have the format: \"{Shorten(line)}\""));
        }

        return new ProducerRecord
        {
            Topic = topic,
            Key = _fields.TryGetValue('k', out string? key) ? ToBytes(key) : null,
            Value = _fields.TryGetValue('v', out string? value) ? ToBytes(value) : null,
            Headers = headers.Length == 0 ? null : headers,
            Partition = (int?)ReadNumber('p', "partition", lineNumber) ?? partition,
            TimestampMilliseconds = ReadNumber('T', "timestamp", lineNumber),
        };
    }

    private static string Shorten(string line) => line.Length <= 60 ? line : $"{line[..57]}...";

    private ReadOnlyMemory<byte>? ToBytes(string text) =>
        nullIfEmpty && text.Length == 0 ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(text); // a bare null would become empty memory

    private long? ReadNumber(char field, string name, long lineNumber)
    {
        if (!_fields.TryGetValue(field, out string? text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && (field != 'p' || number <= int.MaxValue)
            ? number
            : throw new CommandFailedException(string.Create(CultureInfo.InvariantCulture, $"line {lineNumber}: \"{text}\" is no {name}"));
    }
}
