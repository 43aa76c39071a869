namespace Ottla.Protocol.Generator.Schema;

/// <summary>An inclusive range of message versions; empty when <see cref="Low"/> exceeds <see cref="High"/>.</summary>
internal readonly record struct VersionSpan(int Low, int High)
{
    /// <summary>What "and all later ones" means while the newest version is not known.</summary>
    public const int Open = short.MaxValue;

    public static readonly VersionSpan None = new(1, 0);

    public bool IsEmpty => Low > High;

    public bool Contains(int version) => version >= Low && version <= High;

    public bool Covers(VersionSpan other) => other.IsEmpty || (Low <= other.Low && High >= other.High);

    public VersionSpan Intersect(VersionSpan other)
    {
        VersionSpan both = new(Math.Max(Low, other.Low), Math.Min(High, other.High));
        return both.IsEmpty ? None : both;
    }

    public override string ToString() =>
        IsEmpty ? "none" : Low == High ? $"{Low}" : High == Open ? $"{Low}+" : $"{Low}-{High}";

    /// <summary>Reads <c>none</c>, <c>3</c>, <c>3+</c> or <c>3-7</c>.</summary>
    public static bool TryParse(string text, out VersionSpan span)
    {
        span = None;
        if (text == "none")
        {
            return true;
        }

        int dash = text.IndexOf('-');
        bool isOpen = text.EndsWith("+", StringComparison.Ordinal);
        string low = isOpen ? text.Substring(0, text.Length - 1) : dash > 0 ? text.Substring(0, dash) : text;
        string high = isOpen || dash <= 0 ? low : text.Substring(dash + 1);
        if (!TryParseVersion(low, out int first) || !TryParseVersion(high, out int last) || first > last)
        {
            return false;
        }

        span = new VersionSpan(first, isOpen ? Open : last);
        return true;
    }

    private static bool TryParseVersion(string text, out int version)
    {
        version = 0;
        foreach (char digit in text)
        {
            if (digit is < '0' or > '9' || version >= 1000)
            {
                return false;
            }

            version = (version * 10) + (digit - '0');
        }

        return text.Length > 0;
    }
}
