using System.Text;
using System.Text.Json.Nodes;

namespace Ottla.Differential.Tests.Scripting;

/// <summary>
/// Reads a body: JSON without the quotes, <c>{Topics: [{Name: %t, Partitions: [0, 1]}]}</c>. A word reaches to the next comma or closing
/// bracket outside of round ones; one with other signs in it is quoted. Every word is text, but for null.
/// </summary>
internal ref struct ValueReader
{
    private readonly ReadOnlySpan<char> _text;
    private int _position;

    private ValueReader(ReadOnlySpan<char> text) => _text = text;

    public static JsonObject ReadObject(string text)
    {
        ValueReader reader = new(text);
        JsonNode? value = reader.ReadValue();
        reader.SkipBlanks();
        return value as JsonObject is { } body && reader._position == text.Length ? body : throw new FormatException($"Not a body: {text}");
    }

    private JsonNode? ReadValue()
    {
        SkipBlanks();
        return Peek() switch
        {
            '{' => ReadMembers(),
            '[' => ReadItems(),
            '"' => JsonValue.Create(ReadQuoted()),
            _ => ReadWord(",]}") is var word && word == "null" ? null : JsonValue.Create(word),
        };
    }

    private JsonObject ReadMembers()
    {
        JsonObject members = [];
        _position++;
        for (SkipBlanks(); Peek() != '}'; SkipSeparator())
        {
            string name = ReadWord(":");
            _position++;
            members.Add(name, ReadValue());
        }

        _position++;
        return members;
    }

    private JsonArray ReadItems()
    {
        JsonArray items = [];
        _position++;
        for (SkipBlanks(); Peek() != ']'; SkipSeparator())
        {
            items.Add(ReadValue());
        }

        _position++;
        return items;
    }

    private string ReadQuoted()
    {
        StringBuilder text = new();
        for (_position++; Peek() != '"'; _position++)
        {
            if (Peek() == '\\')
            {
                _position++;
            }

            text.Append(Peek());
        }

        _position++;
        return text.ToString();
    }

    private string ReadWord(string end)
    {
        int start = _position;
        for (int depth = 0; depth > 0 || !end.Contains(Peek(), StringComparison.Ordinal); _position++)
        {
            depth += Peek() switch { '(' => 1, ')' => -1, _ => 0 };
        }

        return _text[start.._position].Trim().ToString();
    }

    private void SkipSeparator()
    {
        SkipBlanks();
        if (Peek() == ',')
        {
            _position++;
            SkipBlanks();
        }
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
        {
            _position++;
        }
    }

    private readonly char Peek() => _position < _text.Length ? _text[_position] : throw new FormatException($"Something is not closed: {_text}");
}
