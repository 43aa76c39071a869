using System.Globalization;
using System.Text;
using System.Text.Json;
using Ottla.Storage.Files;

namespace Ottla.Storage.Checkpoints;

/// <summary>
/// <c>.kafka_cleanshutdown</c>: written last at a clean stop, deleted first at a start, so that its presence proves that nothing was
/// written after the last sync.
/// </summary>
internal static class CleanShutdownFile
{
    public const string FileName = ".kafka_cleanshutdown";
    private const int MaxBytes = 4096;

    public static void Write(IFileSystem files, string directory, long brokerEpoch)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{{\"version\":0,\"brokerEpoch\":{brokerEpoch}}}");
        AtomicFile.Write(files, Path.Combine(directory, FileName), Encoding.UTF8.GetBytes(text));
    }

    /// <summary>
    /// Deletes the file, durably, and tells whether it was there. The epoch is -1 when the file does not say.
    /// </summary>
    public static bool TryConsume(IFileSystem files, string directory, out long brokerEpoch)
    {
        string path = Path.Combine(directory, FileName);
        brokerEpoch = -1;
        if (!files.FileExists(path))
        {
            return false;
        }

        byte[] content = AtomicFile.Read(files, path, MaxBytes) ?? [];
        files.DeleteFile(path);
        files.SyncDirectory(directory);
        brokerEpoch = ParseBrokerEpoch(content);
        return true;
    }

    private static long ParseBrokerEpoch(byte[] content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("brokerEpoch", out JsonElement epoch)
                && epoch.TryGetInt64(out long value)
                ? value
                : -1;
        }
        catch (JsonException)
        {
            // Older Kafka versions leave the file empty. That it stands here is what counts.
            return -1;
        }
    }
}
