using System.Globalization;
using System.Text;
using Ottla.Storage.Files;

namespace Ottla.Storage.Checkpoints;

/// <summary>The frame of Kafka's checkpoint files: a version line (0), a count line, then one line an entry.</summary>
internal static class CheckpointText
{
    private const string Version = "0";

    public static void Write(IFileSystem files, string path, IReadOnlyCollection<string> lines)
    {
        var text = new StringBuilder();
        text.Append(Version + "\n").Append(lines.Count.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (string line in lines)
        {
            text.Append(line).Append('\n');
        }

        AtomicFile.Write(files, path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The entries, or null when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is not a whole checkpoint of version 0.</exception>
    public static string[]? Read(IFileSystem files, string path)
    {
        byte[]? content = AtomicFile.Read(files, path);
        if (content is null)
        {
            return null;
        }

        string[] lines = Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length < 2 || lines[0] != Version
            || !int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count != lines.Length - 2)
        {
            throw new InvalidDataException($"{path} is not a checkpoint file of version {Version}, or is cut short.");
        }

        return lines[2..];
    }

    public static long ParseNumber(string path, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new InvalidDataException($"{path} holds '{text}' where a number belongs.");

    public static InvalidDataException BadLine(string path, string line) => new($"{path} holds the line '{line}', which is not an entry.");
}
