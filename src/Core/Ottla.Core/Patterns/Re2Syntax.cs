using System.Buffers;

namespace Ottla.Core.Patterns;

/// <summary>
/// Whether a text is a regular expression as RE2 takes them, which is what Kafka compiles patterns of clients with: no references back,
/// no looking around, no repetition of a repetition. Nothing is compiled, so that a hostile pattern costs no more than its length. Names
/// of scripts in <c>\p{…}</c> are not looked up. Thread-safe.
/// </summary>
public ref struct Re2Syntax
{
    private const int RepeatMaximum = 1000;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    private static readonly string[] NamedClasses =
    [
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit",
    ];

    private static readonly string[] Categories =
    [
        "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P", "Pc", "Pd",
        "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs",
    ];

    private readonly HashSet<string> _groupNames = new(StringComparer.Ordinal);
    private ReadOnlySpan<char> _rest;
    private int _openGroups;
    private bool _hasOperand; // whether there is something that a repetition would repeat
    private bool _isRepeated; // whether a repetition has just been read

    private Re2Syntax(ReadOnlySpan<char> pattern)
    {
        _rest = pattern;
    }

    /// <summary>Whether <paramref name="pattern"/> is one.</summary>
    public static bool IsValid(ReadOnlySpan<char> pattern) => new Re2Syntax(pattern).Read();

    private bool Read()
    {
        while (!_rest.IsEmpty)
        {
            if (!ReadPart())
            {
                return false;
            }
        }

        return _openGroups == 0;
    }

    private bool ReadPart()
    {
        switch (Take())
        {
            case '(':
                return OpenGroup();
            case ')':
                return _openGroups-- > 0 && Operand();
            case '|':
                return NoOperand();
            case '*' or '+' or '?':
                return Repeat();
            case '{' when TryReadCounts(out int minimum, out int? maximum):
                return minimum <= RepeatMaximum && (maximum is not { } limit || (minimum <= limit && limit <= RepeatMaximum)) && Repeat();
            case '{':
                (_hasOperand, _isRepeated) = (true, true); // a brace for itself, which must not be repeated
                return true;
            case '[':
                return ReadClass() && Operand();
            case '\\':
                return ReadEscape();
            default:
                return Operand();
        }
    }

    private bool Operand()
    {
        (_hasOperand, _isRepeated) = (true, false);
        return true;
    }

    private bool NoOperand()
    {
        (_hasOperand, _isRepeated) = (false, false);
        return true;
    }

    private bool Repeat()
    {
        TryTake("?"); // as few as possible
        bool isAllowed = _hasOperand && !_isRepeated;
        _isRepeated = true;
        return isAllowed;
    }

    /// <summary>After the parenthesis: a group, maybe with a name or flags, or flags alone.</summary>
    private bool OpenGroup()
    {
        if (TryTake("?P<") || TryTake("?<"))
        {
            int end = _rest.IndexOf('>');
            if (end < 1 || !IsWord(_rest[..end]) || !_groupNames.Add(_rest[..end].ToString()))
            {
                return false;
            }

            _rest = _rest[(end + 1)..];
        }
        else if (TryTake("?"))
        {
            if (!ReadFlags(out bool isGroup))
            {
                return false;
            }
            else if (!isGroup)
            {
                _isRepeated = false;
                return true;
            }
        }

        _openGroups++;
        return NoOperand();
    }

    private bool ReadFlags(out bool isGroup)
    {
        isGroup = false;
        bool isNegated = false;
        bool isMissing = false; // a minus wants a flag after it
        while (!_rest.IsEmpty)
        {
            switch (Take())
            {
                case 'i' or 'm' or 's' or 'U':
                    isMissing = false;
                    break;
                case '-' when !isNegated:
                    (isNegated, isMissing) = (true, true);
                    break;
                case ':' when !isMissing:
                    isGroup = true;
                    return true;
                case ')' when !isMissing:
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>After the brace: <c>n}</c>, <c>n,}</c> or <c>n,m}</c>; anything else leaves it a brace.</summary>
    private bool TryReadCounts(out int minimum, out int? maximum)
    {
        maximum = null;
        ReadOnlySpan<char> before = _rest;
        if (TryReadCount(out minimum))
        {
            if (TryTake("}"))
            {
                maximum = minimum;
                return true;
            }

            if (TryTake(","))
            {
                maximum = TryReadCount(out int limit) ? limit : null;
                if (TryTake("}"))
                {
                    return true;
                }
            }
        }

        _rest = before;
        return false;
    }

    private bool TryReadCount(out int count)
    {
        count = 0;
        int length = _rest.IndexOfAnyExceptInRange('0', '9');
        length = length < 0 ? _rest.Length : length;
        if (length == 0 || (length > 1 && _rest[0] == '0'))
        {
            return false;
        }

        count = int.TryParse(_rest[..length], out int small) ? small : int.MaxValue;
        _rest = _rest[length..];
        return true;
    }

    private bool ReadEscape()
    {
        if (TryTake("Q"))
        {
            int end = _rest.IndexOf(@"\E", StringComparison.Ordinal);
            ReadOnlySpan<char> literal = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 2)..];
            return literal.IsEmpty || Operand();
        }

        return (TryTakeAny("AbBz") || TryTakeAny("dDsSwW") || (TryTakeAny("pP") ? ReadCategory() : ReadEscapedCharacter(out _))) && Operand();
    }

    /// <summary>After <c>\p</c>: one letter, or a name in braces.</summary>
    private bool ReadCategory()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (!TryTake("{"))
        {
            return Categories.Contains(Take().ToString());
        }

        int end = _rest.IndexOf('}');
        if (end < 0)
        {
            return false;
        }

        ReadOnlySpan<char> name = _rest[..end].TrimStart('^');
        _rest = _rest[(end + 1)..];
        return name.Length > 2 ? char.IsAsciiLetterUpper(name[0]) && IsWord(name) : Categories.Contains(name.ToString());
    }

    /// <summary>After the backslash: a character that is written by number or name, or one that is no letter and no digit.</summary>
    private bool ReadEscapedCharacter(out int character)
    {
        character = -1;
        if (_rest.IsEmpty)
        {
            return false;
        }

        char first = Take();
        character = first;
        if (first == 'x')
        {
            return ReadHexadecimal(out character);
        }

        if (first is >= '0' and <= '7')
        {
            return ReadOctal(first, out character);
        }

        int named = "afnrtv".IndexOf(first, StringComparison.Ordinal);
        character = named >= 0 ? "\a\f\n\r\t\v"[named] : first;
        return named >= 0 || !char.IsAsciiLetterOrDigit(first);
    }

    /// <summary>Up to three digits; a single one that is not 0 would refer back to a group.</summary>
    private bool ReadOctal(char first, out int character)
    {
        character = first - '0';
        int length = 1;
        while (length < 3 && !_rest.IsEmpty && _rest[0] is >= '0' and <= '7')
        {
            character = (character * 8) + (Take() - '0');
            length++;
        }

        return first == '0' || length > 1;
    }

    private bool ReadHexadecimal(out int character)
    {
        character = -1;
        int length = 2;
        bool isBraced = TryTake("{");
        if (isBraced)
        {
            length = _rest.IndexOf('}');
        }

        if (length < 1 || length > _rest.Length || _rest[..length].ContainsAnyExcept(Hexadecimal))
        {
            return false;
        }

        ReadOnlySpan<char> digits = _rest[..length].TrimStart('0');
        _rest = _rest[(isBraced ? length + 1 : length)..];
        character = digits.Length > 6 ? int.MaxValue : digits.IsEmpty ? 0 : Convert.ToInt32(digits.ToString(), 16);
        return character <= 0x10FFFF;
    }

    /// <summary>After the bracket, to the one that closes it.</summary>
    private bool ReadClass()
    {
        TryTake("^");
        for (bool isFirst = true; isFirst || !TryTake("]"); isFirst = false)
        {
            if (_rest.IsEmpty || !ReadClassPart())
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadClassPart()
    {
        if (_rest.StartsWith("[:") && _rest[1..].IndexOf(":]", StringComparison.Ordinal) is var end and >= 0)
        {
            ReadOnlySpan<char> name = end == 0 ? default : _rest[2..(end + 1)]; // in [[:] the colon is both
            _rest = _rest[(end + 3)..];
            return NamedClasses.Contains((name.StartsWith('^') ? name[1..] : name).ToString());
        }

        if (_rest is ['\\', 'd' or 'D' or 's' or 'S' or 'w' or 'W', ..])
        {
            _rest = _rest[2..];
            return true;
        }

        if (TryTake(@"\p") || TryTake(@"\P"))
        {
            return ReadCategory();
        }

        if (!ReadClassCharacter(out int low))
        {
            return false;
        }

        if (_rest is not ['-', not ']', ..])
        {
            return true;
        }

        _rest = _rest[1..];
        return ReadClassCharacter(out int high) && low <= high;
    }

    private bool ReadClassCharacter(out int character)
    {
        character = -1;
        if (TryTake(@"\"))
        {
            return ReadEscapedCharacter(out character);
        }

        if (_rest.IsEmpty)
        {
            return false;
        }

        character = Take();
        if (char.IsHighSurrogate((char)character) && !_rest.IsEmpty && char.IsLowSurrogate(_rest[0]))
        {
            character = char.ConvertToUtf32((char)character, Take());
        }

        return true;
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '_')
            {
                return false;
            }
        }

        return true;
    }

    private char Take()
    {
        char taken = _rest[0];
        _rest = _rest[1..];
        return taken;
    }

    private bool TryTake(string wanted)
    {
        if (!_rest.StartsWith(wanted, StringComparison.Ordinal))
        {
            return false;
        }

        _rest = _rest[wanted.Length..];
        return true;
    }

    private bool TryTakeAny(string characters)
    {
        if (_rest.IsEmpty || !characters.Contains(_rest[0], StringComparison.Ordinal))
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }
}
