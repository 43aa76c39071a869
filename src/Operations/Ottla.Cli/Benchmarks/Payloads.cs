using System.Text;
using System.Text.RegularExpressions;
using Ottla.Cli.CommandLine;
using Ottla.Cli.Formats;

namespace Ottla.Cli.Benchmarks;

/// <summary>The values of a benchmark's records: letters by chance, some to choose from, or the numbers from 0. One thread at a time.</summary>
internal sealed class Payloads
{
    // Wide enough that a batch of values from it is not one value many times, which would compress to nothing.
    private const int LetterCount = 1 << 20;

    private readonly byte[][] _values;
    private readonly byte[] _letters = [];
    private readonly int _size;
    private readonly Random _random = new(0); // every run is alike, as with Kafka's tool
    private readonly byte[] _digits = new byte[20]; // the longest long

    private Payloads(byte[][] values)
    {
        _values = values;
    }

    private Payloads(byte[] letters, int size)
        : this([])
    {
        _letters = letters;
        _size = size;
    }

    /// <summary>How many values there are to choose from; none for letters and numbers.</summary>
    public int Count => _values.Length;

    /// <summary>Upper-case letters by chance, others in every record and the same in every run.</summary>
    public static Payloads OfSize(int size)
    {
        var random = new Random(0);
        var letters = new byte[LetterCount + size];
        for (int index = 0; index < letters.Length; index++)
        {
            letters[index] = (byte)('A' + random.Next(26));
        }

        return new Payloads(letters, size);
    }

    /// <summary>The record's number in digits.</summary>
    public static Payloads Numbers() => new([]);

    /// <summary>What stands between delimiters in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="delimiter">
    /// A regular expression. One delimiter before a value is passed over, so that two in a row have an empty value between them and one
    /// at either end of the text has none: so reads java.util.Scanner, by which Kafka's tool takes its file apart.
    /// </param>
    /// <exception cref="UsageException">The delimiter is no regular expression, or there is nothing but delimiters.</exception>
    public static Payloads Split(string text, string delimiter)
    {
        Regex pattern = Compile(delimiter);
        List<byte[]> values = [];
        int position = 0;
        while (true)
        {
            Match leading = pattern.Match(text, position);
            position += leading.Success && leading.Index == position ? leading.Length : 0;
            if (position >= text.Length)
            {
                break;
            }

            Match trailing = pattern.Match(text, position);
            trailing = trailing is { Success: true, Length: 0 } && trailing.Index == position ? trailing.NextMatch() : trailing;
            int end = trailing.Success ? trailing.Index : text.Length;
            values.Add(Encoding.UTF8.GetBytes(text[position..end]));
            position = end;
        }

        return values.Count > 0 ? new Payloads([.. values]) : throw new UsageException("--payload-file: there is nothing but delimiters in it.");
    }

    /// <summary>The value of record number <paramref name="index"/>. It may be used until the next one is asked for.</summary>
    public ReadOnlyMemory<byte> Next(long index)
    {
        switch (_values.Length)
        {
            case 0 when _letters.Length > 0:
                return _letters.AsMemory(_random.Next(LetterCount), _size);
            case 0:
                index.TryFormat(_digits, out int length, provider: System.Globalization.CultureInfo.InvariantCulture);
                return _digits.AsMemory(0, length);
            case 1:
                return _values[0];
            default:
                return _values[_random.Next(_values.Length)];
        }
    }

    private static Regex Compile(string delimiter) => delimiter.Length > 0
        ? OptionPattern.Compile("--payload-delimiter", delimiter)
        : throw new UsageException("--payload-delimiter: the delimiter cannot be empty.");
}
