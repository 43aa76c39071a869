using System.Net;
using System.Net.Sockets;
using Ottla.Client.Producing;
using Ottla.Client.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Records;

namespace Ottla.Client.Tests;

public sealed class OttlaClientTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private static readonly OttlaClientOptions Quick = new()
    {
        RandomSeed = 1,
        RetryBackoff = TimeSpan.FromMilliseconds(1),
        RetryBackoffMaximum = TimeSpan.FromMilliseconds(5),
        BootstrapTimeout = TimeSpan.FromMilliseconds(50),
    };

    [Fact]
    public async Task A_record_is_delivered_with_its_offset()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        await using OttlaClient client = OttlaClient.Connect(broker.Address.ToString(), Quick);
        await using Producer producer = client.CreateProducer();
        for (int index = 0; index < 3; index++)
        {
            Delivery delivery = await producer.SendAsync(ProducerRecord.OfText(ScriptedBroker.Topic, "k", $"v{index}"), Token);
            Assert.Equal(index, delivery.Offset);
        }

        Assert.Equal(0, producer.PendingBytes);
        Assert.Contains((ApiKey.Produce, (short)13), broker.Requests);
    }

    [Fact]
    public async Task Records_handed_over_at_once_arrive_in_order_whatever_fails()
    {
        const int Count = 200;
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        var random = new Random(7);
        int next = 0;
        broker.OnProduce = (number, request) =>
        {
            RecordBatchHeader.TryRead(request.TopicData[0].PartitionData[0].Records!.Value.Span, out RecordBatchHeader header); // the client sends records
            if (header.BaseSequence != next)
            {
                return header.BaseSequence < next ? ErrorCode.DuplicateSequenceNumber : ErrorCode.OutOfOrderSequenceNumber;
            }

            ErrorCode error = (number < 40 ? random.Next(4) : 3) switch
            {
                0 => ErrorCode.NotLeaderOrFollower,
                1 => ErrorCode.KafkaStorageError,
                2 => ErrorCode.CorruptMessage,
                _ => ErrorCode.None,
            };
            next += error == ErrorCode.None ? header.RecordCount : 0;
            return error;
        };
        await using OttlaClient client = OttlaClient.Connect(broker.Address.ToString(), Quick);
        await using Producer producer = client.CreateProducer(new ProducerOptions { BatchSizeBytes = 256 });
        List<Task<Delivery>> sent =
            [.. Enumerable.Range(0, Count).Select(index => producer.SendAsync(ProducerRecord.OfText(ScriptedBroker.Topic, null, $"{index}"), Token).AsTask())];
        Delivery[] deliveries = await Task.WhenAll(sent);

        Assert.Equal(Enumerable.Range(0, Count).Select(index => (long)index), deliveries.Select(delivery => delivery.Offset));
        Assert.Equal(Enumerable.Range(0, Count).Select(index => $"{index}"), broker.ProducedBatches.SelectMany(ValuesOf));
        Assert.True(broker.Requests.Count(request => request.Api == ApiKey.Produce) > broker.ProducedBatches.Count, "Nothing failed, so nothing was tested.");
    }

    [Fact]
    public async Task A_lost_connection_is_opened_again_and_the_batch_keeps_its_sequence()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        var sequences = new List<int>();
        broker.OnProduce = (number, request) =>
        {
            RecordBatchHeader.TryRead(request.TopicData[0].PartitionData[0].Records!.Value.Span, out RecordBatchHeader header); // the client sends records
            sequences.Add(header.BaseSequence);
            return number == 0 ? null : ErrorCode.None;
        };
        await using OttlaClient client = OttlaClient.Connect(broker.Address.ToString(), Quick);
        await using Producer producer = client.CreateProducer();
        Delivery delivery = await producer.SendAsync(ProducerRecord.OfText(ScriptedBroker.Topic, null, "v"), Token);
        Assert.Equal(0, delivery.Offset);
        Assert.Equal([0, 0], sequences);
    }

    [Fact]
    public async Task An_error_that_stays_is_thrown_with_broker_and_API()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.OnProduce = (_, _) => ErrorCode.TopicAuthorizationFailed;
        await using OttlaClient client = OttlaClient.Connect(broker.Address.ToString(), Quick);
        await using Producer producer = client.CreateProducer();
        KafkaException failure = await Assert.ThrowsAsync<KafkaException>(
            async () => await producer.SendAsync(ProducerRecord.OfText(ScriptedBroker.Topic, null, "v"), Token));
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, failure.Error);
        Assert.Equal(ApiKey.Produce, failure.Api);
        Assert.Equal(broker.Address.ToString(), failure.Broker);
        Assert.False(failure.IsRetriable);
    }

    [Fact]
    public async Task Flushing_tells_of_a_posted_record_that_failed_once()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.OnProduce = (_, _) => ErrorCode.InvalidRecord;
        await using OttlaClient client = OttlaClient.Connect(broker.Address.ToString(), Quick);
        await using Producer producer = client.CreateProducer();
        await producer.PostAsync(ProducerRecord.OfText(ScriptedBroker.Topic, null, "v"), Token);
        KafkaException failure = await Assert.ThrowsAsync<KafkaException>(async () => await producer.FlushAsync(Token));
        Assert.Equal(ErrorCode.InvalidRecord, failure.Error);
        await producer.FlushAsync(Token);
    }

    [Fact]
    public async Task A_topic_whose_leader_is_being_elected_is_waited_for()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.OnMetadata = number => number < 3 ? ErrorCode.LeaderNotAvailable : ErrorCode.None;
        await using OttlaClient client = OttlaClient.Connect(broker.Address.ToString(), Quick);
        await using Producer producer = client.CreateProducer();
        await producer.SendAsync(ProducerRecord.OfText(ScriptedBroker.Topic, null, "v"), Token);
        Assert.Equal(4, broker.Requests.Count(request => request.Api == ApiKey.Metadata));
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_is_an_error_at_once_for_the_admin()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.OnMetadata = _ => ErrorCode.UnknownTopicOrPartition;
        await using OttlaClient client = OttlaClient.Connect(broker.Address.ToString(), Quick);
        KafkaException failure = await Assert.ThrowsAsync<KafkaException>(
            async () => await client.Admin.Topics.DescribeAsync(ScriptedBroker.Topic, Token));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, failure.Error);
        Assert.Single(broker.Requests, request => request.Api == ApiKey.Metadata);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_broker_that_does_not_know_the_newest_ApiVersions_is_asked_in_one_that_it_knows(short newest)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.NewestApiVersions = newest;
        await using OttlaClient client = OttlaClient.Connect(broker.Address.ToString(), Quick);
        await client.Admin.Topics.DescribeAsync(ScriptedBroker.Topic, Token);
        Assert.Equal([(ApiKey.ApiVersions, (short)4), (ApiKey.ApiVersions, newest)], broker.Requests.Take(2));
    }

    [Fact]
    public async Task The_next_bootstrap_address_is_tried_when_the_first_refuses()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        await using OttlaClient client = OttlaClient.Connect($"127.0.0.1:{FreePort()},{broker.Address}", Quick);
        Assert.Equal(ScriptedBroker.Topic, (await client.Admin.Topics.DescribeAsync(ScriptedBroker.Topic, Token)).Name);
    }

    [Fact]
    public async Task When_no_broker_answers_the_exception_lists_what_was_tried()
    {
        int port = FreePort();
        await using OttlaClient client = OttlaClient.Connect($"127.0.0.1:{port}", Quick);
        KafkaException failure = await Assert.ThrowsAsync<KafkaException>(async () => await client.Admin.Topics.ListAsync(Token));
        Assert.Equal(ErrorCode.NetworkException, failure.Error);
        Assert.Equal([new BrokerAddress("127.0.0.1", port)], failure.TriedAddresses);
        Assert.Contains($"127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_an_answer_times_out_and_the_delivery_fails_in_time()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.SwallowsProduce = true;
        await using OttlaClient client = OttlaClient.Connect(
            broker.Address.ToString(), Quick with { RequestTimeout = TimeSpan.FromMilliseconds(50) });
        await using Producer producer = client.CreateProducer(new ProducerOptions { DeliveryTimeout = TimeSpan.FromMilliseconds(200) });
        KafkaException failure = await Assert.ThrowsAsync<KafkaException>(
            async () => await producer.SendAsync(ProducerRecord.OfText(ScriptedBroker.Topic, null, "v"), Token));
        Assert.Equal(ErrorCode.RequestTimedOut, failure.Error);
        Assert.True(broker.Requests.Count(request => request.Api == ApiKey.Produce) > 1);
    }

    [Fact]
    public async Task A_record_above_the_limit_is_refused_before_anything_is_sent()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        await using OttlaClient client = OttlaClient.Connect(broker.Address.ToString(), Quick);
        await using Producer producer = client.CreateProducer(new ProducerOptions { MaximumRequestBytes = 2000 });
        KafkaException failure = await Assert.ThrowsAsync<KafkaException>(
            async () => await producer.SendAsync(new ProducerRecord { Topic = ScriptedBroker.Topic, Value = new byte[2000] }, Token));
        Assert.Equal(ErrorCode.MessageTooLarge, failure.Error);
        Assert.Empty(broker.Requests);
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_one_connection()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        await using OttlaClient client = OttlaClient.Connect(broker.Address.ToString(), Quick);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.Admin.Topics.DescribeAsync(ScriptedBroker.Topic, Token).AsTask()));
        Assert.Equal(1, broker.Connections);
    }

    [Fact]
    public void What_is_no_address_is_a_wrong_argument() => Assert.Throws<ArgumentException>(() => OttlaClient.Connect("no port:x"));

    private static List<string> ValuesOf(byte[] batch)
    {
        var values = new List<string>();
        RecordBatchHeader.TryRead(batch, out RecordBatchHeader header);
        foreach (RecordView record in new RecordEnumerator(batch.AsSpan(RecordBatchHeader.SizeInBytes), header.RecordCount))
        {
            values.Add(System.Text.Encoding.UTF8.GetString(record.Value));
        }

        return values;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port; // bound just now
    }
}
