namespace Ottla.Protocol.Tests.Golden;

/// <summary>
/// Every message type in its oldest, first flexible and newest version, as Apache Kafka's own classes write it: the frames of clients
/// cover the APIs that are in daily use, these the rest, and the records of Kafka's internal topics.
/// </summary>
public sealed class GoldenMessageTests
{
    /// <summary>What 4.3.1 does not have yet, and one that it keeps as code and not as a schema.</summary>
    private static readonly string[] NotInThatKafka =
    [
        "AbortedTxn", "StreamsGroupTopologyDescriptionUpdateRequest", "StreamsGroupTopologyDescriptionUpdateResponse",
        "UnregisterControllerRecord", "UnregisterControllerRequest", "UnregisterControllerResponse",
    ];

    [Fact]
    public void Every_message_that_Kafka_wrote_is_read_to_its_end_and_written_with_the_same_bytes()
    {
        List<string> failures = [];
        foreach ((MessageDescription description, short version, byte[] bytes) in GoldenMessage.ReadAll())
        {
            Exception? thrown = Record.Exception(() =>
            {
                ProtocolReader reader = new(bytes);
                IMessage message = description.Read(ref reader, version);
                Assert.Equal(0, reader.Remaining);
                Assert.Equal(bytes, MessageBytes.Encode(message, version));
            });
            if (thrown is not null)
            {
                failures.Add($"{description.Name} {version}: {thrown.Message}");
            }
        }

        Assert.Empty(failures);
    }

    [Fact]
    public void There_is_a_sample_of_every_message_type()
    {
        IEnumerable<string> sampled = GoldenMessage.ReadAll().Select(sample => sample.Description.Name).Distinct();

        Assert.Equal(NotInThatKafka, MessageCatalog.All.Select(message => message.Name).Except(sampled).Order(StringComparer.Ordinal));
    }
}
