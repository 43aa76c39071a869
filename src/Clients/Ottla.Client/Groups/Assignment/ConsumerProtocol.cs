using System.Buffers.Binary;
using Ottla.Protocol;
using Ottla.Protocol.Messages;

namespace Ottla.Client.Groups.Assignment;

/// <summary>
/// The bytes that members of a consumer group exchange through the coordinator, which does not look into them: a 16-bit version, then
/// the message. Other members' bytes are read with care: any program may have written them.
/// </summary>
internal static class ConsumerProtocol
{
    private const short Version = 3;

    public static byte[] WriteSubscription(IReadOnlyList<string> topics, IReadOnlyCollection<TopicPartition> owned, int generation)
    {
        var message = new ConsumerProtocolSubscription { Topics = [.. topics], GenerationId = generation };
        foreach (IGrouping<string, TopicPartition> topic in owned.GroupBy(partition => partition.Topic, StringComparer.Ordinal))
        {
            message.OwnedPartitions.Add(new ConsumerProtocolSubscription.TopicPartition
            {
                Topic = topic.Key,
                Partitions = topic.Select(partition => partition.Partition.Value).ToList(),
            });
        }

        return Write(message);
    }

    public static byte[] WriteAssignment(IReadOnlyCollection<TopicPartition> partitions)
    {
        var message = new ConsumerProtocolAssignment();
        foreach (IGrouping<string, TopicPartition> topic in partitions.GroupBy(partition => partition.Topic, StringComparer.Ordinal))
        {
            message.AssignedPartitions.Add(new ConsumerProtocolAssignment.TopicPartition
            {
                Topic = topic.Key,
                Partitions = topic.Select(partition => partition.Partition.Value).ToList(),
            });
        }

        return Write(message);
    }

    /// <summary>A member's subscription; one that cannot be read counts as a member that wants nothing.</summary>
    public static AssignmentMember ReadMember(string memberId, string? groupInstanceId, ReadOnlyMemory<byte> bytes)
    {
        if (!TryRead(bytes, out ConsumerProtocolSubscription? message))
        {
            return new AssignmentMember(memberId, groupInstanceId, [], [], -1);
        }

        List<TopicPartition> owned = message.OwnedPartitions
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, new PartitionId(partition))))
            .ToList();
        return new AssignmentMember(memberId, groupInstanceId, message.Topics, owned, message.GenerationId);
    }

    /// <summary>The partitions of an assignment; false when the bytes are none.</summary>
    public static bool TryReadAssignment(ReadOnlyMemory<byte> bytes, out List<TopicPartition> partitions)
    {
        partitions = [];
        if (bytes.IsEmpty)
        {
            return true;
        }

        if (!TryRead(bytes, out ConsumerProtocolAssignment? message))
        {
            return false;
        }

        foreach (ConsumerProtocolAssignment.TopicPartition topic in message.AssignedPartitions)
        {
            partitions.AddRange(topic.Partitions.Select(partition => new TopicPartition(topic.Topic, new PartitionId(partition))));
        }

        return true;
    }

    private static byte[] Write<T>(T message)
        where T : IReadableMessage<T>
    {
        var size = default(MessageSize);
        message.Measure(ref size, Version);
        var bytes = new byte[sizeof(short) + size.Total];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        var writer = new ProtocolWriter(bytes.AsSpan(sizeof(short)));
        message.Write(ref writer, Version);
        return bytes;
    }

    private static bool TryRead<T>(ReadOnlyMemory<byte> bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? message)
        where T : class, IReadableMessage<T>
    {
        message = null;
        if (bytes.Length < sizeof(short))
        {
            return false;
        }

        try
        {
            var reader = new ProtocolReader(bytes);
            short version = reader.ReadInt16();
            if (version < 0)
            {
                return false;
            }

            // Newer versions only add fields at the end, so what is known of them can be read (KIP-429).
            message = T.Read(ref reader, Math.Min(version, T.Versions.Highest));
            return true;
        }
        catch (MalformedMessageException)
        {
            return false;
        }
    }
}
