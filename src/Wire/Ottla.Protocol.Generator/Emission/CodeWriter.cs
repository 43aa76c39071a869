using System.Text;

namespace Ottla.Protocol.Generator.Emission;

/// <summary>Collects indented lines of C#.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string text = "")
    {
        if (text.Length > 0)
        {
            _text.Append(' ', _depth * 4).Append(text);
        }

        _text.Append('\n');
    }

    public void Open(string head)
    {
        Line(head);
        Line("{");
        _depth++;
    }

    /// <summary>Opens an <c>if</c>, unless there is no condition; <see cref="CloseIf"/> closes it.</summary>
    public void OpenIf(string? condition)
    {
        if (condition is not null)
        {
            Open($"if ({condition})");
        }
    }

    public void CloseIf(string? condition)
    {
        if (condition is not null)
        {
            Close();
        }
    }

    public void Close(string tail = "")
    {
        _depth--;
        Line("}" + tail);
    }

    public void Summary(string text) =>
        Line("/// <summary>" + text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;") + "</summary>");

    public override string ToString() => _text.ToString();
}
