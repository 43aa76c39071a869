using System.Globalization;
using Ottla.Protocol;
using Ottla.Records;

namespace Ottla.Storage.Producers;

/// <summary>
/// The idempotent and transactional producers of one log (KIP-98, KIP-360): checks a batch before it is appended, and learns from it
/// afterwards, or from the log at a start. Guarded by the log's lock.
/// </summary>
internal sealed class ProducerStateTable
{
    private readonly Dictionary<long, ProducerEntry> _entries = [];

    public int Count => _entries.Count;

    public IEnumerable<KeyValuePair<long, ProducerEntry>> Entries => _entries;

    /// <summary>The first offset of the oldest open transaction; null when none is open.</summary>
    public long? FirstUnstableOffset
    {
        get
        {
            long? first = null;
            foreach (ProducerEntry entry in _entries.Values)
            {
                if (entry.TransactionFirstOffset >= 0 && !(entry.TransactionFirstOffset >= first))
                {
                    first = entry.TransactionFirstOffset;
                }
            }

            return first;
        }
    }

    /// <summary>
    /// Whether the batch may be appended, was appended before, or is refused. A coordinator's batch is checked for its epoch only.
    /// </summary>
    public ProducerCheck Check(in RecordBatchHeader header, bool isFromClient)
    {
        if (!_entries.TryGetValue(header.ProducerId, out ProducerEntry? entry))
        {
            // State is lost by expiry and by deletion of records, so an unknown producer may begin anywhere.
            return ProducerCheck.Accepted;
        }

        if (isFromClient && header.ProducerEpoch == entry.Epoch)
        {
            for (int index = 0; index < entry.Count; index++)
            {
                ProducerBatch batch = entry[index];
                if (batch.FirstSequence == header.BaseSequence && batch.LastSequence == header.LastSequence)
                {
                    return ProducerCheck.Repeated(batch);
                }
            }
        }

        if (header.ProducerEpoch < entry.Epoch)
        {
            return ProducerCheck.Refused(
                ErrorCode.InvalidProducerEpoch,
                string.Create(CultureInfo.InvariantCulture, $"Epoch {header.ProducerEpoch} of producer {header.ProducerId} is older than its current epoch {entry.Epoch}."));
        }

        return isFromClient ? CheckSequence(in header, entry) : ProducerCheck.Accepted;
    }

    /// <summary>Learns from a batch that is in the log.</summary>
    /// <returns>The transaction that a marker in it ended; null otherwise.</returns>
    public CompletedTransaction? Apply(in RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        if (!header.HasProducerId)
        {
            return null;
        }

        if (!_entries.TryGetValue(header.ProducerId, out ProducerEntry? entry))
        {
            _entries.Add(header.ProducerId, entry = new ProducerEntry());
        }

        if (header.IsControl)
        {
            return ApplyMarker(in header, entry, batch);
        }

        entry.SetEpoch(header.ProducerEpoch);
        entry.Add(new ProducerBatch(header.LastSequence, header.LastOffset, header.LastOffsetDelta, header.MaxTimestamp));
        if (header.IsTransactional && entry.TransactionFirstOffset < 0)
        {
            entry.TransactionFirstOffset = header.BaseOffset;
        }

        return null;
    }

    /// <summary>Takes over an entry of a snapshot.</summary>
    public void Restore(long producerId, ProducerEntry entry) => _entries[producerId] = entry;

    /// <summary>Forgets all.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Forgets producers without an open transaction whose last record is older than the expiration.</summary>
    public void RemoveExpired(long now, long expirationMilliseconds)
    {
        foreach ((long producerId, ProducerEntry entry) in _entries)
        {
            if (entry.TransactionFirstOffset < 0 && now - entry.LastTimestamp >= expirationMilliseconds)
            {
                // Removing does not disturb the enumeration of a Dictionary.
                _entries.Remove(producerId);
            }
        }
    }

    private static ProducerCheck CheckSequence(in RecordBatchHeader header, ProducerEntry entry)
    {
        if (header.ProducerEpoch != entry.Epoch)
        {
            return header.BaseSequence == 0
                ? ProducerCheck.Accepted
                : ProducerCheck.Refused(
                    ErrorCode.OutOfOrderSequenceNumber,
                    string.Create(CultureInfo.InvariantCulture, $"Producer {header.ProducerId} begins its epoch {header.ProducerEpoch} with sequence {header.BaseSequence} instead of 0."));
        }

        if (SequenceNumber.Follows(entry.LastSequence, header.BaseSequence))
        {
            return ProducerCheck.Accepted;
        }

        if (!entry.IsEmpty && SequenceNumber.IsBefore(header.LastSequence, entry.Oldest.FirstSequence))
        {
            return ProducerCheck.Refused(
                ErrorCode.DuplicateSequenceNumber,
                string.Create(CultureInfo.InvariantCulture, $"Sequence {header.BaseSequence} of producer {header.ProducerId} was appended before; where is no longer known."));
        }

        return ProducerCheck.Refused(
            ErrorCode.OutOfOrderSequenceNumber,
            string.Create(CultureInfo.InvariantCulture, $"Sequence {header.BaseSequence} of producer {header.ProducerId} does not follow {entry.LastSequence}."));
    }

    private static CompletedTransaction? ApplyMarker(in RecordBatchHeader header, ProducerEntry entry, ReadOnlySpan<byte> batch)
    {
        entry.SetEpoch(header.ProducerEpoch);
        entry.LastTimestamp = header.MaxTimestamp;
        if (TransactionMarker.TryRead(in header, batch) is not { } marker)
        {
            return null;
        }

        entry.CoordinatorEpoch = marker.CoordinatorEpoch;
        long firstOffset = entry.TransactionFirstOffset;
        entry.TransactionFirstOffset = -1;
        return firstOffset < 0 ? null : new CompletedTransaction(header.ProducerId, firstOffset, header.LastOffset, marker.IsAbort);
    }
}
