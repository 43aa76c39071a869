using Microsoft.Extensions.Time.Testing;
using Ottla.Broker.Tests.Support;
using Ottla.Protocol;
using Ottla.Protocol.Messages;
using Ottla.Records;

namespace Ottla.Broker.Tests.Requests;

public sealed class ProduceTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(12)]
    public async Task Records_get_consecutive_offsets_and_come_back_as_they_were_sent(short version)
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();

        ProduceResponse.PartitionProduceResponse first = await client.ProduceAsync("t", Batches.Of("a", "b"), version: version);
        ProduceResponse.PartitionProduceResponse second = await client.ProduceAsync("t", Batches.Of("c"), version: version);

        Assert.Equal((ErrorCode.None, 0L), (first.ErrorCode, first.BaseOffset));
        Assert.Equal((ErrorCode.None, 2L), (second.ErrorCode, second.BaseOffset));
        FetchResponse.PartitionData fetched = await client.FetchAsync("t", 0);
        Assert.Equal([(0, "a"), (1, "b"), (2, "c")], Batches.Read(fetched.Records));
        Assert.Equal(3, fetched.HighWatermark);
    }

    [Fact]
    public async Task A_topic_can_be_named_by_its_id()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        Guid id = await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();

        ProduceResponse known = await client.AskAsync<ProduceRequest, ProduceResponse>(ById(id), 13);
        ProduceResponse unknown = await client.AskAsync<ProduceRequest, ProduceResponse>(ById(new Guid("00000000-0000-0000-0000-00000000000a")), 13);

        Assert.Equal(ErrorCode.None, known.Responses[0].PartitionResponses[0].ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicId, unknown.Responses[0].PartitionResponses[0].ErrorCode);

        static ProduceRequest ById(Guid topicId) => new()
        {
            Acks = -1,
            TopicData = [new() { TopicId = topicId, PartitionData = [new() { Records = Batches.Of("a") }] }],
        };
    }

    [Fact]
    public async Task Unknown_topics_and_partitions_are_told_as_such()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.ProduceAsync("nobody", Batches.Of("a"))).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.ProduceAsync("t", Batches.Of("a"), partition: 7)).ErrorCode);
    }

    [Fact]
    public async Task Acks_other_than_all_one_and_none_are_refused()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();

        ProduceResponse.PartitionProduceResponse answer = await client.ProduceAsync("t", Batches.Of("a"), acks: 2);

        Assert.Equal(ErrorCode.InvalidRequiredAcks, answer.ErrorCode);
        Assert.Equal(0, (await client.ListOffsetAsync("t", -1)).Offset);
    }

    [Fact]
    public async Task A_produce_without_acks_gets_no_answer_and_the_next_request_does()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();

        await client.SendAsync(DataRequests.Produce("t", Batches.Of("a"), acks: 0), 9);
        FetchResponse.PartitionData fetched = await client.FetchAsync("t", 0);

        Assert.Equal([(0, "a")], Batches.Read(fetched.Records));
    }

    [Fact]
    public async Task A_produce_without_acks_that_fails_closes_the_connection()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        await client.SendAsync(DataRequests.Produce("nobody", Batches.Of("a"), acks: 0), 9);

        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task A_batch_that_does_not_match_its_checksum_is_refused_and_leaves_nothing_behind()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        byte[] batch = Batches.Of("a");
        batch[^1] ^= 1;

        Assert.Equal(ErrorCode.CorruptMessage, (await client.ProduceAsync("t", batch)).ErrorCode);
        Assert.Equal(0, (await client.ProduceAsync("t", Batches.Of("b"))).BaseOffset);
    }

    [Fact]
    public async Task Anything_but_one_batch_is_refused()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(ErrorCode.InvalidRecord, (await client.ProduceAsync("t", (byte[])[.. Batches.Of("a"), .. Batches.Of("b")])).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRecord, (await client.ProduceAsync("t", ReadOnlyMemory<byte>.Empty)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRecord, (await client.ProduceAsync("t", null)).ErrorCode);
    }

    [Fact]
    public async Task A_record_without_a_key_is_refused_by_a_compacted_topic_and_named()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t", 1, ("cleanup.policy", "compact"));
        await using TestClient client = await scenario.ConnectAsync();

        ProduceResponse.PartitionProduceResponse answer = await client.ProduceAsync("t", Batches.WithoutKey("a"));

        Assert.Equal(ErrorCode.InvalidRecord, answer.ErrorCode);
        Assert.Equal(0, Assert.Single(answer.RecordErrors).BatchIndex);
        Assert.NotNull(answer.ErrorMessage);
    }

    [Fact]
    public async Task A_batch_above_the_topics_limit_is_refused()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t", 1, ("max.message.bytes", "1000"));
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(ErrorCode.MessageTooLarge, (await client.ProduceAsync("t", Batches.Of(new string('x', 1000)))).ErrorCode);
    }

    [Fact]
    public async Task A_retried_batch_gets_the_offsets_of_the_first_time()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        await client.ProduceAsync("t", Batches.FromProducer(7, 0, "a", "b"));
        await client.ProduceAsync("t", Batches.FromProducer(7, 2, "c"));

        ProduceResponse.PartitionProduceResponse retried = await client.ProduceAsync("t", Batches.FromProducer(7, 0, "a", "b"));
        ProduceResponse.PartitionProduceResponse gap = await client.ProduceAsync("t", Batches.FromProducer(7, 9, "z"));

        Assert.Equal((ErrorCode.None, 0L), (retried.ErrorCode, retried.BaseOffset));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, gap.ErrorCode);
        Assert.Equal(3, (await client.ListOffsetAsync("t", -1)).Offset);
    }

    [Fact]
    public async Task Offsets_of_concurrent_producers_have_no_hole_and_no_double()
    {
        const int Producers = 8;
        const int BatchesEach = 50;
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");

        IEnumerable<Task<List<long>>> producing = Enumerable.Range(0, Producers).Select(async producer =>
        {
            await using TestClient client = await scenario.ConnectAsync();
            var offsets = new List<long>();
            for (int batch = 0; batch < BatchesEach; batch++)
            {
                offsets.Add((await client.ProduceAsync("t", Batches.Of($"{producer}-{batch}"), acks: 1)).BaseOffset);
            }

            return offsets;
        });
        List<long>[] claimed = await Task.WhenAll(producing);

        Assert.Equal(Enumerable.Range(0, Producers * BatchesEach).Select(offset => (long)offset), claimed.SelectMany(offsets => offsets).Order());
        await using TestClient reader = await scenario.ConnectAsync();
        List<(long Offset, string Value)> records = Batches.Read((await reader.FetchAsync("t", 0)).Records);
        Assert.All(records, (record, index) => Assert.Equal(index, record.Offset));
        Assert.Equal(Producers * BatchesEach, records.Count);
        Assert.All(claimed.Index(), pair => Assert.All(pair.Item.Index(), offset => Assert.Equal($"{pair.Index}-{offset.Index}", records[(int)offset.Item].Value)));
    }

    [Fact]
    public async Task Append_time_is_stamped_where_the_topic_asks_for_it()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(55));
        await using BrokerScenario scenario = await BrokerScenario.StartAsync(time);
        await scenario.CreateTopicAsync("t", 1, ("message.timestamp.type", "LogAppendTime"));
        await using TestClient client = await scenario.ConnectAsync();

        ProduceResponse.PartitionProduceResponse answer = await client.ProduceAsync("t", Batches.Of("a"));

        Assert.Equal(time.GetUtcNow().ToUnixTimeMilliseconds(), answer.LogAppendTimeMs);
        ReadOnlyMemory<byte> records = Batches.Require((await client.FetchAsync("t", 0)).Records);
        Assert.True(RecordBatchHeader.TryRead(records.Span, out RecordBatchHeader header));
        Assert.Equal((true, answer.LogAppendTimeMs, true), (header.IsLogAppendTime, header.MaxTimestamp, header.CrcMatches(records.Span)));
    }

    [Theory]
    [InlineData("gzip", CompressionCodec.Gzip)]
    [InlineData("lz4", CompressionCodec.Lz4)]
    [InlineData("snappy", CompressionCodec.Snappy)]
    [InlineData("zstd", CompressionCodec.Zstd)]
    [InlineData("uncompressed", CompressionCodec.None)]
    public async Task Batches_are_stored_with_the_codec_of_the_topic(string configured, CompressionCodec expected)
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t", 1, ("compression.type", configured));
        await using TestClient client = await scenario.ConnectAsync();
        CompressionCodec sent = expected == CompressionCodec.Gzip ? CompressionCodec.Lz4 : CompressionCodec.Gzip;

        Assert.Equal(ErrorCode.None, (await client.ProduceAsync("t", Batches.Of(new RecordBatchOptions { Codec = sent }, "a", "b"))).ErrorCode);

        ReadOnlyMemory<byte> records = Batches.Require((await client.FetchAsync("t", 0)).Records);
        Assert.True(RecordBatchHeader.TryRead(records.Span, out RecordBatchHeader header));
        Assert.Equal((expected, 2, true), (header.Codec, header.RecordCount, header.CrcMatches(records.Span)));
    }

    [Fact]
    public async Task Compressed_batches_pass_through_byte_for_byte()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        byte[] batch = Batches.Of(new RecordBatchOptions { Codec = CompressionCodec.Zstd }, "a", "b");

        await client.ProduceAsync("t", batch);

        // Base offset and leader epoch are the broker's; everything from the magic on is the producer's.
        Assert.Equal(batch[16..], Batches.Require((await client.FetchAsync("t", 0)).Records)[16..].ToArray());
    }

    [Fact]
    public async Task Zstandard_is_refused_in_versions_before_seven()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        byte[] batch = Batches.Of(new RecordBatchOptions { Codec = CompressionCodec.Zstd }, "a");

        Assert.Equal(ErrorCode.UnsupportedCompressionType, (await client.ProduceAsync("t", batch, version: 6)).ErrorCode);
        Assert.Equal(ErrorCode.UnsupportedCompressionType, await FetchOldAsync(client));

        async Task<ErrorCode> FetchOldAsync(TestClient reader)
        {
            Assert.Equal(ErrorCode.None, (await reader.ProduceAsync("t", batch, version: 7)).ErrorCode);
            return (await reader.FetchAsync("t", 0, version: 9)).ErrorCode;
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    public async Task Message_sets_of_old_clients_are_converted_both_ways(short produceVersion, short fetchVersion)
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        LegacyDownConversion old = LegacyMessageSet.DownConvert(
            Batches.Of("a", "b"), new LegacyDownConversionRules { Magic = (byte)(produceVersion < 2 ? 0 : 1) });
        using PooledBuffer messages = old.Messages ?? throw new InvalidOperationException("Nothing was converted.");

        Assert.Equal(ErrorCode.None, (await client.ProduceAsync("t", messages.Memory, version: produceVersion)).ErrorCode);

        Assert.Equal([(0, "a"), (1, "b")], Batches.Read((await client.FetchAsync("t", 0)).Records));
        ReadOnlyMemory<byte> fetchedOld = Batches.Require((await client.FetchAsync("t", 0, version: fetchVersion)).Records);
        Assert.Equal(fetchVersion < 2 ? 0 : 1, fetchedOld.Span[16]);
        using PooledBuffer back = LegacyMessageSet.UpConvert(fetchedOld, null, DecompressionLimits.Default).Batch ?? throw new InvalidOperationException("Nothing was converted.");
        Assert.Equal([(0, "a"), (1, "b")], Batches.Read(back.Memory));
    }

    [Fact]
    public async Task Transactions_are_refused_with_a_reason()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t");
        await using TestClient client = await scenario.ConnectAsync();
        ProduceRequest request = DataRequests.Produce("t", Batches.Of("a"));
        request.TransactionalId = "tx";

        ProduceResponse response = await client.AskAsync<ProduceRequest, ProduceResponse>(request, 9);
        InitProducerIdResponse init = await client.AskAsync<InitProducerIdRequest, InitProducerIdResponse>(
            new InitProducerIdRequest { TransactionalId = "tx", TransactionTimeoutMs = 1000 }, 4);

        Assert.Equal(ErrorCode.InvalidRequest, response.Responses[0].PartitionResponses[0].ErrorCode);
        Assert.NotNull(response.Responses[0].PartitionResponses[0].ErrorMessage);
        Assert.Equal(ErrorCode.InvalidRequest, init.ErrorCode);
    }

    [Theory]
    [InlineData(5, -1, ErrorCode.InvalidRequest)]
    [InlineData(-1, 0, ErrorCode.InvalidRequest)]
    [InlineData(5, 0, ErrorCode.None)]
    [InlineData(-1, -1, ErrorCode.None)]
    public async Task A_producer_names_its_id_with_its_epoch_or_neither(long id, short epoch, ErrorCode error)
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await using TestClient client = await scenario.ConnectAsync();

        InitProducerIdResponse init = await client.AskAsync<InitProducerIdRequest, InitProducerIdResponse>(
            new InitProducerIdRequest { TransactionalId = null, ProducerId = id, ProducerEpoch = epoch }, 4);

        Assert.Equal(error, init.ErrorCode);
    }

    [Fact]
    public async Task A_topic_with_one_replica_takes_records_whatever_it_asks_to_be_in_sync()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("t", 1, ("min.insync.replicas", "2"));
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(ErrorCode.None, (await client.ProduceAsync("t", Batches.Of("a"), acks: -1)).ErrorCode);
    }

    [Fact]
    public async Task Internal_topics_take_nothing_from_clients()
    {
        await using BrokerScenario scenario = await BrokerScenario.StartAsync();
        await scenario.CreateTopicAsync("__consumer_offsets");
        await using TestClient client = await scenario.ConnectAsync();

        Assert.Equal(ErrorCode.InvalidTopicException, (await client.ProduceAsync("__consumer_offsets", Batches.Of("a"))).ErrorCode);
    }
}
