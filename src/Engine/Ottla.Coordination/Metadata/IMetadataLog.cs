using Ottla.Core.Metadata;
using Ottla.Protocol;

namespace Ottla.Coordination.Metadata;

/// <summary>
/// The one ordered log of cluster metadata. Its owner reads it, begins an epoch, and then appends; all members are called from that
/// owner's one mailbox.
/// </summary>
public interface IMetadataLog : IAsyncDisposable
{
    /// <summary>The controller epoch that this node began; 0 before <see cref="BeginEpochAsync"/>.</summary>
    int Epoch { get; }

    /// <summary>The node that may append.</summary>
    BrokerId CurrentController { get; }

    /// <summary>The offset that the next record gets.</summary>
    long EndOffset { get; }

    /// <summary>Records below it are durable and never change.</summary>
    long CommittedOffset { get; }

    /// <summary>The newest whole snapshot; null when there is none.</summary>
    MetadataSnapshot? Snapshot { get; }

    /// <summary>Reads the records from <paramref name="offset"/> on, batch by batch, up to the end of the log.</summary>
    /// <exception cref="InvalidMetadataException">The log is damaged, or does not reach back to the offset.</exception>
    IAsyncEnumerable<MetadataBatch> ReadFromAsync(long offset, CancellationToken cancellationToken);

    /// <summary>Begins a new epoch, higher than every one before, in which this node appends.</summary>
    /// <returns><see cref="ErrorCode.KafkaStorageError"/> when that could not be made durable.</returns>
    ValueTask<ErrorCode> BeginEpochAsync(CancellationToken cancellationToken);

    /// <summary>Appends records as one batch, all or none; they count only after <see cref="CommitAsync"/>.</summary>
    /// <param name="records">At least one record.</param>
    /// <param name="expectedEpoch">The epoch in which they were decided.</param>
    MetadataAppend Append(IReadOnlyList<MetadataRecord> records, int expectedEpoch);

    /// <summary>Waits until everything appended so far is committed.</summary>
    /// <returns><see cref="ErrorCode.KafkaStorageError"/> when it is not; then nothing more can be appended.</returns>
    ValueTask<ErrorCode> CommitAsync();

    /// <summary>Whether enough was appended, or enough time has passed, since the last snapshot.</summary>
    bool IsSnapshotDue { get; }

    /// <summary>
    /// Writes a snapshot of a committed image, and lets go of the log that it replaces. May run while the owner appends, but not twice
    /// at once. A failure is logged and costs only space and time.
    /// </summary>
    Task WriteSnapshotAsync(MetadataImage image);
}
