using System.Globalization;

namespace Ottla.Protocol.Tests.Golden;

/// <summary>A frame that a client and a broker exchanged, without its length prefix.</summary>
internal sealed record GoldenFrame(string Client, bool IsRequest, ApiKey ApiKey, short Version, byte[] Bytes)
{
    /// <summary>All frames of the <c>*.hex</c> files beside this one.</summary>
    public static IEnumerable<GoldenFrame> ReadAll()
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "*.hex"))
        {
            foreach (string line in File.ReadLines(path).Where(line => !line.StartsWith('#')))
            {
                string[] words = line.Split(' ');
                yield return new GoldenFrame(
                    Path.GetFileNameWithoutExtension(path),
                    words[0] == "request",
                    (ApiKey)short.Parse(words[1], CultureInfo.InvariantCulture),
                    short.Parse(words[2], CultureInfo.InvariantCulture),
                    Convert.FromHexString(words[3]));
            }
        }
    }

    public override string ToString() => $"{Client} {ApiKey} {Version} {(IsRequest ? "request" : "response")}";
}
