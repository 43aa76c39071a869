namespace Ottla.Protocol.Generator.Schema;

/// <summary>
/// Reads a schema file (docs/schemas.md). Errors are collected, not thrown: the model is usable only when there are none.
/// </summary>
internal sealed class SchemaParser
{
    private readonly MessageSchema _message = new();
    private readonly List<SchemaError> _errors = new();

    private SchemaParser()
    {
    }

    public static MessageSchema Parse(string text, out IReadOnlyList<SchemaError> errors)
    {
        SchemaParser parser = new();
        parser.ParseLines(text.Split('\n'));
        if (parser._errors.Count == 0)
        {
            SchemaResolver.Resolve(parser._message, parser._errors);
        }

        if (parser._errors.Count == 0)
        {
            SchemaChecker.Check(parser._message, parser._errors);
        }

        errors = parser._errors;
        return parser._message;
    }

    private void ParseLines(string[] lines)
    {
        bool hasHeader = false;
        Stack<Level> levels = new();
        for (int number = 0; number < lines.Length; number++)
        {
            SchemaLine line = SchemaLine.Split(lines[number], number);
            if (line.Words.Length == 0)
            {
                if (!hasHeader && line.Comment.Length > 0)
                {
                    _message.Description.Add(line.Comment);
                }

                continue;
            }

            if (!hasHeader)
            {
                hasHeader = true;
                ParseHeader(line);
                levels.Push(new Level(0, _message.Root));
            }
            else if (line.Indent == 0 && line.Words[0] == "struct")
            {
                levels.Clear();
                levels.Push(new Level(2, ParseStruct(line)));
            }
            else
            {
                ParseField(line, levels);
            }
        }

        if (!hasHeader)
        {
            Fail(0, "The file has no header line.");
        }
    }

    private void ParseHeader(SchemaLine line)
    {
        string[] words = line.Words;
        int next = 1;
        if (!Enum.TryParse(words[0], ignoreCase: true, out MessageKind kind) || words[0].Any(char.IsUpper))
        {
            Fail(line.Number, $"A message is a request, response, header, data, record, key, value or stored, not '{words[0]}'.");
            return;
        }

        _message.Kind = kind;
        if (kind is MessageKind.Request or MessageKind.Response or MessageKind.Record or MessageKind.Key or MessageKind.Value)
        {
            if (next >= words.Length || !int.TryParse(words[next], out int key))
            {
                Fail(line.Number, $"A {words[0]} has a number before its name.");
                return;
            }

            _message.Key = key;
            next++;
        }

        if (next >= words.Length)
        {
            Fail(line.Number, "The message has no name.");
            return;
        }

        _message.Name = words[next++];
        ParseHeaderAttributes(line, next);
    }

    private void ParseHeaderAttributes(SchemaLine line, int next)
    {
        string[] words = line.Words;
        bool hasVersions = false;
        bool hasFlexible = false;
        VersionSpan flexible = VersionSpan.None;
        for (; next < words.Length; next++)
        {
            switch (words[next])
            {
                case "versions" when next + 1 < words.Length && VersionSpan.TryParse(words[next + 1], out VersionSpan versions):
                    _message.Versions = versions;
                    hasVersions = !versions.IsEmpty && versions.High != VersionSpan.Open;
                    next++;
                    break;
                case "flexible" when next + 1 < words.Length && VersionSpan.TryParse(words[next + 1], out flexible):
                    hasFlexible = true;
                    next++;
                    break;
                case "listeners":
                    _message.Listeners.AddRange(words.Skip(next + 1));
                    next = words.Length;
                    break;
                default:
                    Fail(line.Number, $"'{words[next]}' is not understood here.");
                    return;
            }
        }

        if (!hasVersions || !hasFlexible)
        {
            Fail(line.Number, "A message says which versions it has and which of them are flexible, such as 'versions 0-5 flexible 3+'.");
        }

        _message.Flexible = flexible.Intersect(_message.Versions);
        _message.Root.Name = _message.ClassName;
        _message.Root.Versions = _message.Versions;
        _message.Root.Line = line.Number;
    }

    private StructSchema ParseStruct(SchemaLine line)
    {
        StructSchema block = new() { Line = line.Number, Versions = _message.Versions };
        VersionSpan versions = _message.Versions;
        if (line.Words.Length is < 2 or > 3 || (line.Words.Length == 3 && !VersionSpan.TryParse(line.Words[2], out versions)))
        {
            Fail(line.Number, "A struct has a name, and may have versions.");
            return block;
        }

        block.Name = line.Words[1];
        block.Versions = versions.Intersect(_message.Versions);
        AddStruct(block);
        return block;
    }

    private void AddStruct(StructSchema block)
    {
        if (_message.Structs.Any(other => other.Name == block.Name))
        {
            Fail(block.Line, $"The struct {block.Name} is defined twice.");
        }

        _message.Structs.Add(block);
    }

    private void ParseField(SchemaLine line, Stack<Level> levels)
    {
        while (levels.Count > 1 && line.Indent < levels.Peek().Indent)
        {
            levels.Pop();
        }

        Level level = levels.Peek();
        if (line.Indent == level.Indent + 2 && level.Block.Fields.LastOrDefault() is { Kind: FieldKind.Struct, Struct: null } parent)
        {
            StructSchema block = new() { Name = parent.StructName, Versions = parent.Versions, Line = parent.Line };
            parent.Struct = block;
            AddStruct(block);
            level = new Level(line.Indent, block);
            levels.Push(level);
        }

        if (line.Indent != level.Indent)
        {
            Fail(line.Number, "The indentation is neither that of the line before nor that of a field of its struct (two more spaces).");
            return;
        }

        FieldSchema? field = FieldParser.Parse(line, level.Block.Versions, _errors);
        if (field is not null)
        {
            level.Block.Fields.Add(field);
        }
    }

    private void Fail(int line, string message) => _errors.Add(new SchemaError(line, message));

    private readonly record struct Level(int Indent, StructSchema Block);
}
