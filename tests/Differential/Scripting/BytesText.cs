using System.Text;

namespace Ottla.Differential.Tests.Scripting;

/// <summary>How scripts and answers spell bytes: text as it is, anything else as <c>hex:00FF</c>.</summary>
internal static class BytesText
{
    private const string Hex = "hex:";

    public static byte[] Parse(string text) =>
        text.StartsWith(Hex, StringComparison.Ordinal) ? Convert.FromHexString(text[Hex.Length..]) : Encoding.UTF8.GetBytes(text);

    public static string Format(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (value is < 0x20 or > 0x7E)
            {
                return Hex + Convert.ToHexString(bytes);
            }
        }

        return Encoding.ASCII.GetString(bytes);
    }
}
