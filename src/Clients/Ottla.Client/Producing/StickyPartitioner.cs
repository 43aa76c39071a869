using Ottla.Client.Metadata;
using Ottla.Client.Retries;

namespace Ottla.Client.Producing;

/// <summary>
/// Chooses partitions for records without a key: one partition until about a batch of bytes went there, then another at random among
/// those with a leader (KIP-480, KIP-794). Records then share batches, and over time all partitions get the same. Thread-safe.
/// </summary>
internal sealed class StickyPartitioner(int bytesPerTurn, SeededRandom random)
{
    private readonly Lock _lock = new(); // guards both fields
    private int _partition = -1;
    private long _bytesLeft;

    /// <summary>The partition for the next <paramref name="recordBytes"/>.</summary>
    public int Choose(TopicMetadata topic, long recordBytes)
    {
        lock (_lock)
        {
            if (_bytesLeft <= 0 || _partition < 0 || _partition >= topic.Partitions.Count)
            {
                _partition = ChooseAnother(topic);
                _bytesLeft = bytesPerTurn;
            }

            _bytesLeft -= recordBytes;
            return _partition;
        }
    }

    private int ChooseAnother(TopicMetadata topic)
    {
        int count = topic.Partitions.Count;
        int first = random.Below(count);
        int candidate = first;
        do
        {
            if (topic.Partitions[candidate].Leader.Value >= 0 && (candidate != _partition || count == 1))
            {
                return candidate;
            }

            candidate = (candidate + 1) % count;
        }
        while (candidate != first);

        return first;
    }
}
