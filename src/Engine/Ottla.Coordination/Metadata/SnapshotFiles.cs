using Ottla.Core.Metadata;
using Ottla.Protocol.Stored;
using Ottla.Records;
using Ottla.Storage.Files;

namespace Ottla.Coordination.Metadata;

/// <summary>
/// Snapshots in the metadata log's directory, in Kafka's format (KIP-630): a header record, the records of an image, a footer record. A
/// snapshot is whole or it is not there: it is written under another name, synced and renamed. Waits for the disk.
/// </summary>
internal sealed class SnapshotFiles
{
    private const int MaxBatchBytes = 1024 * 1024;
    private const int MaxSnapshotBytes = int.MaxValue - (1024 * 1024);
    private readonly IFileSystem _files;
    private readonly string _directory;

    public SnapshotFiles(IFileSystem files, string directory)
    {
        _files = files;
        _directory = directory;
    }

    /// <summary>The snapshots that stand, oldest first.</summary>
    public IReadOnlyList<SnapshotId> List()
    {
        List<SnapshotId> found = [];
        foreach (FileEntry entry in _files.ListFiles(_directory))
        {
            if (SnapshotId.TryParse(entry.Name, out SnapshotId id))
            {
                found.Add(id);
            }
        }

        found.Sort(static (left, right) => (left.EndOffset, left.Epoch).CompareTo((right.EndOffset, right.Epoch)));
        return found;
    }

    /// <summary>Deletes a snapshot.</summary>
    public void Delete(SnapshotId id) => _files.DeleteFile(PathOf(id));

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="InvalidMetadataException">It is damaged or cut.</exception>
    public MetadataSnapshot Read(SnapshotId id, QuorumControlState control)
    {
        byte[] content = AtomicFile.Read(_files, PathOf(id), MaxSnapshotBytes)
            ?? throw new InvalidMetadataException($"{PathOf(id)} is gone.");
        List<MetadataBatch> batches = [];
        long? timestamp = null;
        bool ended = false;
        RecordBatchEnumerator enumerator = new(content);
        while (!ended && enumerator.MoveNext())
        {
            MetadataBatch batch = MetadataBatchCodec.Decode(enumerator.Current, enumerator.Header, TakeControl);
            if (batch.Records.Count > 0)
            {
                batches.Add(batch);
            }
        }

        return ended && timestamp is { } written && enumerator.Position == content.Length
            ? new MetadataSnapshot(id, written, batches)
            : throw new InvalidMetadataException($"{PathOf(id)} is cut: its header or its footer is missing.");

        void TakeControl(ControlRecordType type, byte[] value)
        {
            switch (type)
            {
                case ControlRecordType.SnapshotHeader:
                    Protocol.ProtocolReader reader = new(value);
                    timestamp = SnapshotHeaderRecord.Read(ref reader, 0).LastContainedLogTimestamp;
                    break;
                case ControlRecordType.SnapshotFooter:
                    ended = true;
                    break;
                default:
                    control.Learn(type, value);
                    break;
            }
        }
    }

    /// <summary>Writes a snapshot, durably.</summary>
    /// <param name="id">What it stands for.</param>
    /// <param name="image">The image at that point.</param>
    /// <param name="lastContainedTimestamp">When the last record before it was written.</param>
    /// <param name="now">Now, in milliseconds since 1970.</param>
    /// <param name="control">What the log says of itself.</param>
    /// <exception cref="IOException">The disk failed; no snapshot of that name stands.</exception>
    public void Write(SnapshotId id, MetadataImage image, long lastContainedTimestamp, long now, QuorumControlState control)
    {
        string temporary = PathOf(id) + AtomicFile.TemporarySuffix;
        using (IFile file = _files.Open(temporary, FileOpening.CreateEmpty))
        {
            long position = 0;
            foreach (byte[] batch in Batches(id, image, lastContainedTimestamp, now, control))
            {
                file.Write(batch, position);
                position += batch.Length;
            }

            file.Sync();
        }

        _files.MoveFile(temporary, PathOf(id));
        _files.SyncDirectory(_directory);
    }

    private static IEnumerable<byte[]> Batches(SnapshotId id, MetadataImage image, long lastContainedTimestamp, long now, QuorumControlState control)
    {
        SnapshotHeaderRecord header = new() { LastContainedLogTimestamp = lastContainedTimestamp };
        long offset = 0;
        yield return Control(ControlRecordType.SnapshotHeader, MetadataBatchCodec.Encode(header, 0));
        if (control.KRaftVersion is { } version)
        {
            yield return Control(ControlRecordType.KRaftVersion, version);
        }

        if (control.Voters is { } voters)
        {
            yield return Control(ControlRecordType.KRaftVoters, voters);
        }

        List<MetadataRecord> pending = [];
        int size = 0;
        foreach (MetadataRecord record in MetadataImageRecords.ToRecords(image))
        {
            pending.Add(record);
            size += MetadataRecordCodec.Encode(record).Length;
            if (size >= MaxBatchBytes)
            {
                yield return Data();
            }
        }

        if (pending.Count > 0)
        {
            yield return Data();
        }

        yield return Control(ControlRecordType.SnapshotFooter, MetadataBatchCodec.Encode(new SnapshotFooterRecord(), 0));

        byte[] Control(ControlRecordType type, byte[] value) => MetadataBatchCodec.EncodeControl(type, value, offset++, id.Epoch, now);

        byte[] Data()
        {
            byte[] batch = MetadataBatchCodec.Encode(pending, offset, id.Epoch, now);
            offset += pending.Count;
            pending.Clear();
            size = 0;
            return batch;
        }
    }

    private string PathOf(SnapshotId id) => Path.Combine(_directory, id.FileName);
}
