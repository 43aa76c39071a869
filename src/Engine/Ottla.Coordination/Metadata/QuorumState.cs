using System.Text.Json;
using Ottla.Core.Metadata;
using Ottla.Protocol;
using Ottla.Storage.Files;

namespace Ottla.Coordination.Metadata;

/// <summary>
/// The file <c>quorum-state</c>: which epoch was begun last and who leads it. Version 0 of Kafka's format, which also names the voters,
/// goes with a metadata log of kraft.version 0, version 1 with a later one (KIP-853).
/// </summary>
internal sealed record QuorumState
{
    public const string FileName = "quorum-state";

    private const int MaxBytes = 1024 * 1024;

    public int LeaderId { get; init; } = -1;

    public int LeaderEpoch { get; init; }

    public int VotedId { get; init; } = -1;

    public Guid VotedDirectoryId { get; init; }

    /// <summary>The voters; null in version 1.</summary>
    public IReadOnlyList<int>? Voters { get; init; }

    /// <summary>Writes the file, durably.</summary>
    public void Write(IFileSystem files, string directory)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            if (Voters is not null)
            {
                json.WriteString("clusterId", string.Empty);
            }

            json.WriteNumber("leaderId", LeaderId);
            json.WriteNumber("leaderEpoch", LeaderEpoch);
            json.WriteNumber("votedId", VotedId);
            if (Voters is null)
            {
                json.WriteString("votedDirectoryId", KafkaUuid.Format(VotedDirectoryId));
            }
            else
            {
                WriteVoters(json, Voters);
            }

            json.WriteNumber("data_version", Voters is null ? 1 : 0);
            json.WriteEndObject();
        }

        AtomicFile.Write(files, Path.Combine(directory, FileName), stream.ToArray());
    }

    /// <summary>Reads the file; null when there is none.</summary>
    /// <exception cref="InvalidMetadataException">The file is damaged.</exception>
    public static QuorumState? Read(IFileSystem files, string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (AtomicFile.Read(files, path, MaxBytes) is not { } content)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            return Parse(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidMetadataException($"{path} is damaged: {exception.Message}");
        }
    }

    private static void WriteVoters(Utf8JsonWriter json, IReadOnlyList<int> voters)
    {
        json.WriteNumber("appliedOffset", 0);
        json.WriteStartArray("currentVoters");
        foreach (int voter in voters)
        {
            json.WriteStartObject();
            json.WriteNumber("voterId", voter);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static QuorumState Parse(JsonElement root)
    {
        int version = root.GetProperty("data_version").GetInt32();
        if (version is not (0 or 1))
        {
            throw new FormatException($"data_version is {version}, which is not known");
        }

        List<int>? voters = null;
        if (version == 0 && root.TryGetProperty("currentVoters", out JsonElement entries) && entries.ValueKind == JsonValueKind.Array)
        {
            voters = [];
            foreach (JsonElement entry in entries.EnumerateArray())
            {
                voters.Add(entry.GetProperty("voterId").GetInt32());
            }
        }

        Guid directory = default;
        if (root.TryGetProperty("votedDirectoryId", out JsonElement text) && !KafkaUuid.TryParse(text.GetString(), out directory))
        {
            throw new FormatException("votedDirectoryId is no id");
        }

        return new QuorumState
        {
            LeaderId = root.GetProperty("leaderId").GetInt32(),
            LeaderEpoch = root.GetProperty("leaderEpoch").GetInt32(),
            VotedId = root.GetProperty("votedId").GetInt32(),
            VotedDirectoryId = directory,
            Voters = voters,
        };
    }
}
