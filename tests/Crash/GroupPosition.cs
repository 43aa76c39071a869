using System.Globalization;
using Confluent.Kafka;

namespace Ottla.Crash.Tests;

/// <summary>A consumer that commits as it reads, and what it knows to be committed.</summary>
internal sealed class GroupPosition(string topic, string group)
{
    private readonly Dictionary<int, long> _committed = [];

    /// <summary>Reads on from where the group is, checks that this is where it committed, and commits once more.</summary>
    public void ReadOn(string address, int count, string seed)
    {
        using IConsumer<string, string> consumer = ConfluentClients.NewConsumer(address, group);
        consumer.Subscribe(topic);
        HashSet<int> seen = [];
        for (int left = count; left > 0;)
        {
            ConsumeResult<string, string>? result = consumer.Consume(TimeSpan.FromSeconds(30));
            Assert.True(result is not null, $"the group got nothing for 30 s; {seed}");
            int partition = result.Partition.Value;
            if (seen.Add(partition) && _committed.TryGetValue(partition, out long committed))
            {
                Assert.True(result.Offset.Value == committed, string.Create(
                    CultureInfo.InvariantCulture, $"{topic}-{partition} went on at {result.Offset.Value} though {committed} was committed; {seed}"));
            }

            if (!result.IsPartitionEOF)
            {
                left--;
            }
        }

        foreach (TopicPartitionOffset committed in consumer.Commit())
        {
            _committed[committed.Partition.Value] = committed.Offset.Value;
        }

        consumer.Close();
    }
}
